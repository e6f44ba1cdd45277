import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { CREDENTIAL } from '../transport/client';
import { type Delivery, passes, readDelivery, toHandles, type TriggerEvent } from './event';
import { readNote, type WebhookNote } from './note';
import { openSeen } from './seen';
import { isClosing, nodeKey } from './session';
import { type Verdict, verifySignature } from './signature';

const MAX_BODY_BYTES = 1024 * 1024;

/** How what is not JSON is refused, whatever else it is. */
export const NOT_JSON = { status: 415, code: 'unsupported_media_type' };

/** How long n8n may take to answer: until the execution is created, or until it has ended. */
const PATIENCE_MS = { onReceived: 120_000, lastNode: 3_600_000 };

/** How long a note is taken for true, and how long before it is read again for a signature that does not fit. */
const NOTE_LIFE_MS = 10_000;
const NOTE_REST_MS = 500;

/** The options of the node that concern deliveries. */
interface Options {
  verifySignature?: boolean;
  maximumAge?: number;
  onlyFrom?: string;
  exceptFrom?: string;
  ignoreOwnActions?: boolean;
  deduplicationWindow?: number;
  responseMode?: keyof typeof PATIENCE_MS;
}

/** A delivery that starts no execution, and what its sender is told. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Takes a delivery: form → signature → events → filter → repetitions → items. n8n starts an execution
 * even for an error that is thrown here, so a refusal is answered instead (n8n 2.41.1, `executeWebhook`).
 *
 * @returns the items of the execution, or the answer that starts none
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  try {
    return await take(context);
  } catch (error) {
    if (error instanceof Refusal) return refuse(context, error);
    context.logger.error(
      `ImagineAnything Trigger "${context.getNode().name}": a delivery could not be taken: ${(error as Error).message}`,
    );
    // The sender may try again later: nothing was started.
    return refuse(context, new Refusal(503, 'not_ready', 'The delivery cannot be taken just now'));
  }
}

function refuse(
  context: IWebhookFunctions,
  { status, code, message }: Refusal,
): IWebhookResponseData {
  const response = context.getResponseObject();
  if (status === 503) response.setHeader('Retry-After', '5');
  response.status(status).json({ error: code, message });
  return { noWebhookResponse: true };
}

async function take(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  if (context.getMode() !== 'manual' && isClosing(context, Date.now())) {
    throw new Refusal(503, 'ending', 'This n8n is about to end');
  }
  const options = context.getNodeParameter('options', {}) as Options;
  const body = readBody(context);
  let note = await noteOf(context, NOTE_LIFE_MS);
  if (options.verifySignature !== false) {
    let verdict = check(context, body, note, options);
    if (verdict === 'invalid') {
      // The secret may be a new one since.
      note = await noteOf(context, NOTE_REST_MS);
      verdict = check(context, body, note, options);
    }
    if (verdict !== 'valid') throw toRefusal(context, verdict, note);
  }
  const delivery = readDelivery(parse(body), context.getHeaderData());
  const wanted = select(context, delivery, note, options);
  const events = withoutRepetitions(context, delivery, wanted, options);
  if (events.length === 0) {
    return { webhookResponse: { message: 'Received, nothing to do', events: 0 } };
  }
  return { workflowData: [events.map((json) => ({ json }))] };
}

function readBody(context: IWebhookFunctions): Buffer {
  const { 'content-type': type = '', 'content-length': length } = context.getHeaderData();
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new Refusal(NOT_JSON.status, NOT_JSON.code, 'A delivery must be application/json');
  }
  const body: Buffer | undefined = context.getRequestObject().rawBody;
  if (Number(length ?? 0) > MAX_BODY_BYTES || (body?.length ?? 0) > MAX_BODY_BYTES) {
    throw new Refusal(413, 'payload_too_large', 'A delivery must not be larger than 1 MiB');
  }
  return body ?? Buffer.alloc(0);
}

/**
 * Notes that this process read lately, by credential. n8n prepares a whole sandbox for expressions each time it
 * reads a credential (n8n 2.41.1, `applyDefaultsAndOverwrites`), which is most of the work of a delivery.
 */
const notes = new Map<string, { note: WebhookNote; at: number }>();

async function noteOf(context: IWebhookFunctions, maximumAgeMs: number): Promise<WebhookNote> {
  const id = context.getNode().credentials?.[CREDENTIAL]?.id ?? '';
  const known = notes.get(id);
  if (known !== undefined && Date.now() - known.at < maximumAgeMs) return known.note;
  const note = readNote(await context.getCredentials(CREDENTIAL));
  notes.set(id, { note, at: Date.now() });
  return note;
}

function check(
  context: IWebhookFunctions,
  body: Buffer,
  { secret }: WebhookNote,
  { maximumAge = 300 }: Options,
): Verdict {
  const headers = context.getHeaderData();
  return verifySignature({ headers, body, secret, maximumAge, now: Date.now() });
}

function toRefusal(
  context: IWebhookFunctions,
  verdict: Exclude<Verdict, 'valid'>,
  { secret }: WebhookNote,
): Refusal {
  if (verdict === 'missing') {
    return new Refusal(401, 'signature_missing', 'The delivery is not signed');
  }
  if (secret === '') {
    context.logger.warn(
      `ImagineAnything Trigger "${context.getNode().name}" knows no secret to verify deliveries with. Unpublish and publish its workflow to get a new one.`,
    );
    return new Refusal(503, 'not_ready', 'The delivery cannot be verified just now');
  }
  return verdict === 'late'
    ? new Refusal(401, 'signature_expired', 'The signature is too old')
    : new Refusal(401, 'signature_invalid', 'The signature does not fit the delivery');
}

function parse(body: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new Refusal(400, 'invalid_json', 'The delivery is not a JSON object or list');
}

type Wanted = Delivery['events'];

function select(
  context: IWebhookFunctions,
  delivery: Delivery,
  { id, handle }: WebhookNote,
  options: Options,
): Wanted {
  const filter = {
    events: context.getNodeParameter('events', []) as string[],
    only: toHandles(options.onlyFrom),
    except: toHandles(options.exceptFrom),
    ...(options.ignoreOwnActions === false ? {} : { ignore: { id, handle } }),
  };
  return delivery.events.filter(({ event }) => passes(event, filter));
}

function withoutRepetitions(
  context: IWebhookFunctions,
  delivery: Delivery,
  wanted: Wanted,
  { deduplicationWindow: windowMinutes = 60, responseMode = 'onReceived' }: Options,
): TriggerEvent[] {
  // Who tries things out sends the same event again and again.
  if (wanted.length === 0 || windowMinutes <= 0 || context.getMode() === 'manual') {
    return wanted.map(({ event }) => event);
  }
  const seen = openSeen(nodeKey(context), Date.now(), windowMinutes * 60_000);
  if (delivery.key !== undefined && seen.stateOf(delivery.key) === 'done') return [];
  const fresh = wanted.filter(({ key }) => seen.stateOf(key) !== 'done');
  if (fresh.some(({ key }) => seen.stateOf(key) === 'underway')) {
    throw new Refusal(503, 'in_progress', 'The same delivery is being taken just now');
  }
  if (fresh.length === 0) return [];
  const keys = [...(delivery.key === undefined ? [] : [delivery.key]), ...fresh.map((e) => e.key)];
  seen.add(keys, context.getResponseObject(), PATIENCE_MS[responseMode]);
  return fresh.map(({ event }) => event);
}
