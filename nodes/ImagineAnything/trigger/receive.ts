import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { ProcessMap } from '../../../credentials/processMap';
import { CREDENTIAL } from '../transport/client';
import { parseBody, readBody } from './body';
import { keepNewest } from './bounded';
import { readDelivery } from './delivery';
import type { ReadEvent } from './event';
import { passes } from './filter';
import { readWebhookState, type WebhookState } from './webhookState';
import { type TriggerOptions, readKinds, readTriggerOptions } from './options';
import { HttpRejection } from './refusal';
import { openSeen, type Seen } from './dedupeDeliveries';
import { isShuttingDown, nodeKey } from './shutdown';
import { type Verdict, verifySignature } from './signature';
import { hash, messageOf } from './text';

/** How long n8n may take to answer: until the execution is created, or until it has ended. */
const PATIENCE_MS = { onReceived: 120_000, lastNode: 3_600_000 };

/** How long a note is taken for true, and how long before it is read again for a signature that does not fit. */
const NOTE_LIFE_MS = 10_000;
const NOTE_REST_MS = 500;

/** The answer to what starts no execution, and need not come again. */
const NOTHING: IWebhookResponseData = {
  webhookResponse: { message: 'Received, nothing to do', events: 0 },
};

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
    if (error instanceof HttpRejection) {
      if (error.isLogged) {
        context.logger.warn(`${nameOf(context)}: a delivery was refused: ${error.message}`);
      }
      return refuse(context, error);
    }
    context.logger.error(`${nameOf(context)}: a delivery could not be taken: ${messageOf(error)}`);
    // The sender may try again later: nothing was started.
    return refuse(
      context,
      new HttpRejection(503, 'not_ready', 'The delivery cannot be taken just now'),
    );
  }
}

function nameOf(context: IWebhookFunctions): string {
  return `ImagineAnything Trigger "${context.getNode().name}"`;
}

function refuse(
  context: IWebhookFunctions,
  { status, code, message }: HttpRejection,
): IWebhookResponseData {
  const response = context.getResponseObject();
  if (status === 503) response.setHeader('Retry-After', '5');
  response.status(status).json({ error: code, message });
  return { noWebhookResponse: true };
}

async function take(context: IWebhookFunctions): Promise<IWebhookResponseData> {
  const body = readBody(context);
  const isTest = context.getMode() === 'manual';
  if (!isTest && isShuttingDown(context, performance.now())) {
    throw new HttpRejection(503, 'ending', 'This n8n is about to end');
  }
  const options = readTriggerOptions(context.getNodeParameter('options', {}));
  const note = await (options.isVerified
    ? verify(context, body, options)
    : noteOf(context, NOTE_LIFE_MS));
  // Who tries things out sends the same event again and again.
  const seen =
    isTest || options.windowMs === 0
      ? undefined
      : openSeen(nodeKey(context), performance.now(), options.windowMs);
  const delivery = hash(body);
  if (seen?.knows(delivery) === true) return NOTHING;
  const origin = { headers: context.getHeaderData(), isSigned: options.isVerified };
  const wanted = select(context, readDelivery(parseBody(body), origin), note, options);
  const fresh = seen === undefined ? wanted : withoutRepetitions(wanted, seen);
  if (fresh.length === 0) return NOTHING;
  const keys = fresh.map(({ key }) => key);
  const maxWaitMs = PATIENCE_MS[options.responseMode];
  if (seen?.add(delivery, keys, context.getResponseObject(), maxWaitMs) === false) {
    throw new HttpRejection(503, 'busy', 'Too many deliveries are being taken just now');
  }
  return { workflowData: [fresh.map(({ event }) => ({ json: event }))] };
}

/**
 * Notes that this process read lately, by credential. n8n prepares a whole sandbox for expressions each time it
 * reads a credential (n8n 2.41.1, `applyDefaultsAndOverwrites`), which is most of the work of a delivery.
 */
const notes = new ProcessMap<{ note: WebhookState; at: number }>();

async function noteOf(context: IWebhookFunctions, maximumAgeMs: number): Promise<WebhookState> {
  const id = context.getNode().credentials?.[CREDENTIAL]?.id;
  const at = performance.now();
  const known = id ? notes.get(id) : undefined;
  if (known !== undefined && at - known.at < maximumAgeMs) return known.note;
  const note = readWebhookState(await context.getCredentials(CREDENTIAL));
  // Another delivery may have read a newer one meanwhile.
  if (id && (notes.get(id)?.at ?? 0) <= at) keepNewest(notes, id, { note, at });
  return note;
}

/**
 * Verifies the signature of a delivery.
 *
 * @returns the note with the secret that fits it
 * @throws Refusal when none does
 */
async function verify(
  context: IWebhookFunctions,
  body: Buffer,
  options: TriggerOptions,
): Promise<WebhookState> {
  const note = await noteOf(context, NOTE_LIFE_MS);
  const verdict = check(context, body, note, options);
  if (verdict === 'valid') return note;
  if (verdict !== 'invalid') throw toRefusal(context, verdict, note);
  // The secret may be a new one since.
  const newer = await noteOf(context, NOTE_REST_MS);
  const again = newer.secret === note.secret ? verdict : check(context, body, newer, options);
  if (again === 'valid') return newer;
  throw toRefusal(context, again, newer);
}

function check(
  context: IWebhookFunctions,
  body: Buffer,
  { secret }: WebhookState,
  { maximumAge }: TriggerOptions,
): Verdict {
  const headers = context.getHeaderData();
  return verifySignature({ headers, body, secret, maximumAge, now: Date.now() });
}

function toRefusal(
  context: IWebhookFunctions,
  verdict: Exclude<Verdict, 'valid'>,
  { secret }: WebhookState,
): HttpRejection {
  if (verdict === 'missing') {
    return new HttpRejection(401, 'signature_missing', 'The delivery is not signed');
  }
  if (secret === '') {
    context.logger.warn(
      `${nameOf(context)} knows no secret to verify deliveries with. Unpublish and publish its workflow to get a new one.`,
    );
    return new HttpRejection(503, 'not_ready', 'The delivery cannot be verified just now');
  }
  return verdict === 'late'
    ? new HttpRejection(401, 'signature_expired', 'The signature is too old')
    : new HttpRejection(401, 'signature_invalid', 'The signature does not fit the delivery');
}

function select(
  context: IWebhookFunctions,
  read: readonly ReadEvent[],
  note: WebhookState,
  { only, except, ignoresOwn }: TriggerOptions,
): ReadEvent[] {
  const { id, handle } = note;
  if (ignoresOwn && id === '' && handle === '') {
    context.logger.warn(
      `${nameOf(context)} does not know which actions are those of its own agent. Unpublish and publish its workflow, or turn off "Ignore Own Actions".`,
    );
    throw new HttpRejection(503, 'not_ready', 'The delivery cannot be taken just now');
  }
  const events = readKinds(context.getNodeParameter('events', []));
  const filter = { events, only, except, ...(ignoresOwn ? { ignore: { id, handle } } : {}) };
  const claimed = read.find(
    ({ event }) => events.has(event.claimedEvent ?? '') && !events.has('*'),
  );
  if (claimed !== undefined) {
    context.logger.warn(
      `${nameOf(context)}: a header calls an event "${claimed.event.claimedEvent}", but the signed body does not. Choose "All Events" to get such events.`,
    );
  }
  return read.filter(({ event }) => passes(event, filter));
}

function withoutRepetitions(wanted: readonly ReadEvent[], seen: Seen): readonly ReadEvent[] {
  const fresh = wanted.filter(({ key }) => seen.stateOf(key) !== 'done');
  if (fresh.some(({ key }) => seen.stateOf(key) === 'underway')) {
    throw new HttpRejection(503, 'in_progress', 'The same delivery is being taken just now');
  }
  return fresh;
}
