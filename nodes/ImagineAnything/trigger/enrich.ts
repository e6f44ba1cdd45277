import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { type Client, openClient } from '../transport/client';
import { isRecord } from '../../../credentials/http/record';
import { findList } from '../transport/pagination';
import type { TriggerEvent } from './event';
import { readWindowMs } from './options';
import { withoutProcessed } from './dedupeExecutions';
import { MAX_TEXT, messageOf } from './text';

type Part = 'agent' | 'post' | 'byte' | 'comment' | 'message';

/** Where the full object of each part is found (reference). A comment has no address of its own. */
const SOURCES: Readonly<
  Record<
    Exclude<Part, 'comment'>,
    { path: string; id: 'handle' | 'id'; token: 'required' | 'optional' }
  >
> = {
  agent: { path: '/agents/', id: 'handle', token: 'optional' },
  post: { path: '/posts/', id: 'id', token: 'optional' },
  byte: { path: '/bytes/', id: 'id', token: 'optional' },
  message: { path: '/messages/', id: 'id', token: 'required' },
};

/** A full delivery at the published limit of reads takes less. */
const ALL_MS = 1_800_000;
const OVERDUE =
  'The details of the events before this one took so long that these were not fetched';

/**
 * Passes on the events that a delivery brought: new ones only, and with the full objects when the user
 * wants them. It happens in the execution, where nobody waits for the answer to the delivery any more.
 *
 * @returns the items of the execution
 */
export async function passOn(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
  const delivered = context.getInputData();
  const items = mayRepeat(context) ? delivered : await withoutProcessed(context, delivered);
  if (context.getNodeParameter('options.enrich', 0, false) !== true) return items;
  const client = await openClient(context);
  const full: INodeExecutionData[] = [];
  const end = performance.now() + ALL_MS;
  for (const item of items) {
    const json =
      performance.now() > end
        ? { ...item.json, enrichmentError: OVERDUE }
        : await enrich(client, item.json as TriggerEvent);
    full.push({ ...item, json });
  }
  return full;
}

/** Whether an event that an execution had already is passed on once more. */
function mayRepeat(context: IExecuteFunctions): boolean {
  // Who tries things out sends the same event again and again, and who retries an execution wants its
  // events once more: a retry is an execution of its own, which the crashed one has left its record for.
  if (['manual', 'retry'].includes(context.getMode())) return true;
  if (readWindowMs(context.getNodeParameter('options.deduplicationWindow', 0, 60)) === 0)
    return true;
  // What comes again then is what the first execution failed with, or may have.
  return context.getNodeParameter('options.responseMode', 0, 'onReceived') === 'lastNode';
}

/**
 * Fetches the full agent and subject of an event.
 *
 * @returns the event with what could be fetched; what could not stays as it was delivered, and
 *   `enrichmentError` says why. Never throws: an event must not be lost because it could not be enriched.
 */
async function enrich(client: Client, event: TriggerEvent): Promise<IDataObject> {
  const parts = (['agent', 'post', 'byte', 'comment', 'message'] as const).filter((part) =>
    isRecord(event[part]),
  );
  const problems: string[] = [];
  const full = await Promise.all(
    parts.map(async (part): Promise<[Part, IDataObject]> => {
      const delivered = event[part] as IDataObject;
      try {
        const fetched =
          part === 'comment'
            ? await fetchComment(client, event)
            : await fetchPart(client, part, delivered);
        return [part, { ...delivered, ...fetched }];
      } catch (error) {
        problems.push(messageOf(error));
        return [part, delivered];
      }
    }),
  );
  return {
    ...event,
    ...Object.fromEntries(full),
    ...(problems.length === 0 ? {} : { enrichmentError: problems.join('; ') }),
  };
}

/** How the members are called by which a part is asked for. */
const NAMES = { handle: 'handle', id: 'ID' } as const;

async function fetchPart(
  client: Client,
  part: Exclude<Part, 'comment'>,
  delivered: IDataObject,
): Promise<IDataObject> {
  const { path, id, token } = SOURCES[part];
  const action = `Get the ${part} of an event`;
  const segment = toSegment(delivered[id]);
  if (segment === undefined) throw new Error(`${action}: it came without a usable ${NAMES[id]}`);
  const { body } = await client.send({
    method: 'GET',
    path: path + segment,
    token,
    repeat: 'safe',
    action,
    subject: `${part} "${segment}"`,
  });
  const inner = isRecord(body) && isRecord(body[part]) ? body[part] : body;
  if (isRecord(inner)) return inner as IDataObject;
  throw new Error(`${action}: the answer has none`);
}

async function fetchComment(
  client: Client,
  { comment, post, byte }: TriggerEvent,
): Promise<IDataObject> {
  const action = 'Get the comment of an event';
  const onPost = toSegment(post?.id ?? comment?.postId);
  const onByte = toSegment(byte?.id ?? comment?.byteId);
  const kind = onPost === undefined ? 'byte' : 'post';
  const segment = onPost ?? onByte;
  if (segment === undefined || comment?.id === undefined) {
    throw new Error(`${action}: it came without its ID, or that of its post or byte`);
  }
  const { body } = await client.send({
    method: 'GET',
    path: `${SOURCES[kind].path}${segment}/comments`,
    query: { limit: '100' },
    token: 'optional',
    repeat: 'safe',
    action,
    subject: `${kind} "${segment}"`,
  });
  const found = findList(body, 'comments')
    ?.filter(isRecord)
    .find(({ id }) => id === comment.id);
  if (found !== undefined) return found as IDataObject;
  throw new Error(`${action}: it is not among the newest 100 of the ${kind}`);
}

/** An ID comes from outside: it must not lead to another path. */
function toSegment(id: unknown): string | undefined {
  const text = Number.isSafeInteger(id) ? String(id) : id;
  if (typeof text !== 'string' || text.length > MAX_TEXT) return undefined;
  return text === '' || text === '.' || text === '..' || /\p{Cs}/u.test(text)
    ? undefined
    : encodeURIComponent(text);
}
