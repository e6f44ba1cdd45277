import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../../credentials/http/record';
import { readPage, sendOperation } from '../../engine/callOperation';
import { collectFrom } from '../../engine/collectValues';
import type { Operation } from '../../engine/operation';
import { ParameterError } from '../../engine/validate';
import type { Client } from '../../transport/client';
import { MAX_PAGE_SIZE } from '../../transport/pagination';
import type { TriggerEvent } from '../events/event';
import { TRIGGER_OPERATIONS } from '../operations';
import { messageOf, toText } from '../text';

const { details, comments } = TRIGGER_OPERATIONS;

/** The fields of an event that can be fetched in full. */
const ENRICHED_FIELDS = ['agent', 'post', 'byte', 'comment', 'message'] as const;

/**
 * Fetches the full agent and subjects of an event.
 *
 * @returns the event with everything that could be fetched; the rest stays as it was delivered, and
 *   `enrichmentError` says why. Never throws: an event must not be lost because its details are not available.
 */
export async function enrichEvent(client: Client, event: TriggerEvent): Promise<IDataObject> {
  const errors: string[] = [];
  const fields = await Promise.all(
    ENRICHED_FIELDS.map(async (field): Promise<[string, IDataObject] | undefined> => {
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

async function fetchObject(
  client: Client,
  field: keyof typeof details,
  delivered: IDataObject,
): Promise<IDataObject> {
  const operation = details[field];
  const [key, keyName] = field === 'agent' ? ['handle', 'handle'] : ['id', 'ID'];
  const values = await collectFrom(operation, { [field]: toText(delivered[key]) }).catch(
    toDeliveryError(operation, `valid ${keyName}`),
  );
  const body = await sendOperation(client, operation, values);
  const object = isRecord(body) && isRecord(body[field]) ? body[field] : body;
  if (isRecord(object)) return object as IDataObject;
  throw new Error(`${operation.action}: the response contains no ${field}`);
}

async function fetchComment(
  client: Client,
  { comment, post, byte }: TriggerEvent,
): Promise<IDataObject> {
  const onPost = toText(post?.id ?? comment?.postId);
  const parent = onPost === undefined ? 'byte' : 'post';
  const id = onPost ?? toText(byte?.id ?? comment?.byteId);
  const operation = comments[parent];
  const { entries } = await readPage(
    client,
    operation,
    // Without an ID, no comment could be found.
    { [parent]: comment?.id === undefined ? undefined : id },
    { size: MAX_PAGE_SIZE },
  ).catch(toDeliveryError(operation, 'ID of the comment, or of its post or byte'));
  const found = entries.find((entry) => entry.id === comment?.id);
  if (found !== undefined) return found as IDataObject;
  throw new Error(
    `${operation.action}: it is not among the newest ${MAX_PAGE_SIZE} comments of the ${parent}`,
  );
}

/** Replaces the error of a parameter, which tells users what to enter, by what the delivery lacks. */
function toDeliveryError({ action }: Operation, missing: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ParameterError)) throw error;
    throw new Error(`${action}: the delivery has no ${missing}`);
  };
}
