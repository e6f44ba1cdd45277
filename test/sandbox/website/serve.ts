import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../errors';
import type { State } from '../state';
import type { Html } from './html';
import { placeholder } from './pictures';

/** A browser styles the page that it makes of a single picture. */
const filePolicy =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'";

/** Sends a file that was uploaded, or the picture that stands for one that is not kept. @throws ApiError 404 */
export function sendFile(state: State, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0];
  const file = state.files.get(path);
  if (!file) throw notFound('File', path);
  const { content, contentType } = file;
  void reply.header('Content-Security-Policy', filePolicy);
  if (!content) return sendPicture(reply, placeholder(file));
  void reply.type(contentType).header('Accept-Ranges', 'bytes');
  const range = rangeOf(request.headers.range, content.length);
  if (range === undefined) return reply.send(content);
  if (range === null) {
    return reply.code(416).header('Content-Range', `bytes */${content.length}`).send();
  }
  const [first, last] = range;
  return reply
    .code(206)
    .header('Content-Range', `bytes ${first}-${last}/${content.length}`)
    .send(content.subarray(first, last + 1));
}

/** First and last byte that a player asks for; null when the file has none of them. */
function rangeOf(header: string | undefined, size: number): [number, number] | null | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || from + to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return first > last ? null : [first, last];
}

export function sendPicture(reply: FastifyReply, { markup }: Html): FastifyReply {
  return reply.type('image/svg+xml').send(markup);
}
