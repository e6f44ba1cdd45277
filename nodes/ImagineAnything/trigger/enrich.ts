import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { type Client, openClient } from '../transport/client';
import { isRecord } from '../transport/failure';
import { findList } from '../transport/pages';
import type { TriggerEvent } from './event';
import { withoutProcessed } from './processed';

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
  for (const item of items) {
    full.push({ ...item, json: await enrich(client, item.json as TriggerEvent) });
  }
  return full;
}

/** Whether an event that an execution had already is passed on once more. */
function mayRepeat(context: IExecuteFunctions): boolean {
  // Who tries things out sends the same event again and again, and who retries an execution wants its
  // events once more: a retry is an execution of its own, which the crashed one has left its record for.
  if (['manual', 'retry'].includes(context.getMode())) return true;
  if (Number(context.getNodeParameter('options.deduplicationWindow', 0, 60)) <= 0) return true;
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
        problems.push((error as Error).message);
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

async function fetchPart(
  client: Client,
  part: Exclude<Part, 'comment'>,
  delivered: IDataObject,
): Promise<IDataObject | undefined> {
  const { path, id, token } = SOURCES[part];
  const segment = toSegment(delivered[id]);
  if (segment === undefined) return undefined;
  const { body } = await client.send({
    method: 'GET',
    path: path + segment,
    token,
    repeat: 'safe',
    action: `Get the ${part} of an event`,
    subject: `${part} "${segment}"`,
  });
  const inner = isRecord(body) && isRecord(body[part]) ? body[part] : body;
  return isRecord(inner) ? (inner as IDataObject) : undefined;
}

async function fetchComment(
  client: Client,
  { comment, post }: TriggerEvent,
): Promise<IDataObject | undefined> {
  const segment = toSegment(post?.id ?? comment?.postId);
  if (segment === undefined || comment?.id === undefined) return undefined;
  const { body } = await client.send({
    method: 'GET',
    path: `/posts/${segment}/comments`,
    query: { limit: '100' },
    token: 'optional',
    repeat: 'safe',
    action: 'Get the comment of an event',
    subject: `post "${segment}"`,
  });
  return findList(body, 'comments')
    ?.filter(isRecord)
    .find(({ id }) => id === comment.id) as IDataObject | undefined;
}

/** An ID comes from outside: it must not lead to another path. */
function toSegment(id: unknown): string | undefined {
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  const text = String(id);
  return text === '' || text === '.' || text === '..' || /\p{Cs}/u.test(text)
    ? undefined
    : encodeURIComponent(text);
}
