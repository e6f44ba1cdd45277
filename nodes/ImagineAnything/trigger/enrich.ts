import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../credentials/http/record';
import type { Client } from '../transport/client';
import { findList } from '../transport/pagination';
import type { TriggerEvent } from './event';
import { MAX_TEXT_LENGTH, messageOf } from './text';

/** The fields of an event that can be fetched in full. */
const ENRICHED_FIELDS = ['agent', 'post', 'byte', 'comment', 'message'] as const;
type EnrichedField = (typeof ENRICHED_FIELDS)[number];

/** The call that gets each object (reference). A comment has no endpoint of its own. */
const SOURCES: Readonly<
  Record<
    Exclude<EnrichedField, 'comment'>,
    { path: string; id: 'handle' | 'id'; token: 'required' | 'optional' }
  >
> = {
  agent: { path: '/agents/', id: 'handle', token: 'optional' },
  post: { path: '/posts/', id: 'id', token: 'optional' },
  byte: { path: '/bytes/', id: 'id', token: 'optional' },
  message: { path: '/messages/', id: 'id', token: 'required' },
};

/**
 * Fetches the full agent and subjects of an event.
 *
 * @returns the event with everything that could be fetched; the rest stays as it was delivered, and
 *   `enrichmentError` says why. Never throws: an event must not be lost because its details are not available.
 */
export async function enrichEvent(client: Client, event: TriggerEvent): Promise<IDataObject> {
  const errors: string[] = [];
  const fields = await Promise.all(
    ENRICHED_FIELDS.map(async (field): Promise<[EnrichedField, IDataObject] | undefined> => {
      const delivered = event[field];
      if (!isRecord(delivered)) return undefined;
      try {
        const fetched =
          field === 'comment'
            ? await fetchComment(client, event)
            : await fetchObject(client, field, delivered);
        return [field, { ...delivered, ...fetched }];
      } catch (error) {
        errors.push(messageOf(error));
        return [field, delivered];
      }
    }),
  );
  return {
    ...event,
    ...Object.fromEntries(fields.filter((entry) => entry !== undefined)),
    ...(errors.length === 0 ? {} : { enrichmentError: errors.join('; ') }),
  };
}

/** How error messages call the keys by which an object is requested. */
const KEY_NAMES = { handle: 'handle', id: 'ID' } as const;

async function fetchObject(
  client: Client,
  field: Exclude<EnrichedField, 'comment'>,
  delivered: IDataObject,
): Promise<IDataObject> {
  const { path, id, token } = SOURCES[field];
  const action = `Get ${field} of event`;
  const segment = toPathSegment(delivered[id]);
  if (segment === undefined) {
    throw new Error(`${action}: the delivery has no valid ${KEY_NAMES[id]}`);
  }
  const { body } = await client.send({
    method: 'GET',
    path: path + segment,
    token,
    repeat: 'safe',
    action,
    subject: `${field} "${segment}"`,
  });
  const object = isRecord(body) && isRecord(body[field]) ? body[field] : body;
  if (isRecord(object)) return object as IDataObject;
  throw new Error(`${action}: the response contains no ${field}`);
}

async function fetchComment(
  client: Client,
  { comment, post, byte }: TriggerEvent,
): Promise<IDataObject> {
  const action = 'Get comment of event';
  const onPost = toPathSegment(post?.id ?? comment?.postId);
  const onByte = toPathSegment(byte?.id ?? comment?.byteId);
  const parent = onPost === undefined ? 'byte' : 'post';
  const segment = onPost ?? onByte;
  if (segment === undefined || comment?.id === undefined) {
    throw new Error(`${action}: the delivery has no ID of the comment, or of its post or byte`);
  }
  const { body } = await client.send({
    method: 'GET',
    path: `${SOURCES[parent].path}${segment}/comments`,
    query: { limit: '100' },
    token: 'optional',
    repeat: 'safe',
    action,
    subject: `${parent} "${segment}"`,
  });
  const found = findList(body, 'comments')
    ?.filter(isRecord)
    .find(({ id }) => id === comment.id);
  if (found !== undefined) return found as IDataObject;
  throw new Error(`${action}: it is not among the newest 100 comments of the ${parent}`);
}

/** IDs come from outside and must not lead to another path. */
function toPathSegment(id: unknown): string | undefined {
  const text = Number.isSafeInteger(id) ? String(id) : id;
  if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH) return undefined;
  return text === '' || text === '.' || text === '..' || /\p{Cs}/u.test(text)
    ? undefined
    : encodeURIComponent(text);
}
