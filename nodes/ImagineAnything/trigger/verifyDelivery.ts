import type { IWebhookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../credentials/processMap';
import { CREDENTIAL } from '../transport/client';
import { HttpRejection } from './httpRejection';
import type { DeliveryOptions } from './options';
import { type SignatureStatus, verifySignature } from './signature';
import { MAX_NODES, triggerName } from './nodeIdentity';
import { readWebhookState, type WebhookState } from './webhookState';

/** How long a cached webhook state is used, and how old it may be when a signature does not match it. */
const STATE_CACHE_MS = 10_000;
const STATE_REFRESH_MS = 500;

/**
 * The webhook states that this process read recently, by credential. n8n sets up an expression sandbox each time
 * it reads a credential (n8n 2.41.1, `applyDefaultsAndOverwrites`), which is most of the work of a delivery.
 */
const cachedStates = new ProcessMap<{ state: WebhookState; at: number }>(MAX_NODES);

async function loadState(context: IWebhookFunctions, maxAgeMs: number): Promise<WebhookState> {
  const id = context.getNode().credentials?.[CREDENTIAL]?.id;
  const at = performance.now();
  const cached = id ? cachedStates.get(id) : undefined;
  if (cached !== undefined && at - cached.at < maxAgeMs) return cached.state;
  const state = readWebhookState(await context.getCredentials(CREDENTIAL));
  // Another delivery may have cached a newer one meanwhile.
  if (id && (cachedStates.get(id)?.at ?? 0) <= at) cachedStates.set(id, { state, at });
  return state;
}

/**
 * Loads the state of the webhook and verifies the signature of a delivery unless the user turned that off.
 *
 * @returns the state with the secret that the signature matches
 * @throws HttpRejection when the signature is missing, does not match or has expired
 */
export async function verifyDelivery(
  context: IWebhookFunctions,
  body: Buffer,
  options: DeliveryOptions,
): Promise<WebhookState> {
  const state = await loadState(context, STATE_CACHE_MS);
  if (!options.verifySignature) return state;
  const status = signatureStatus(context, body, state, options);
  if (status === 'valid') return state;
  if (status !== 'invalid') throw toRejection(context, status, state);
  // The secret may have been replaced since.
  const fresh = await loadState(context, STATE_REFRESH_MS);
  const freshStatus =
    fresh.secret === state.secret ? status : signatureStatus(context, body, fresh, options);
  if (freshStatus === 'valid') return fresh;
  throw toRejection(context, freshStatus, fresh);
}

function signatureStatus(
  context: IWebhookFunctions,
  body: Buffer,
  { secret }: WebhookState,
  { maximumAge }: DeliveryOptions,
): SignatureStatus {
  const headers = context.getHeaderData();
  return verifySignature({ headers, body, secret, maximumAge, now: Date.now() }).status;
}

function toRejection(
  context: IWebhookFunctions,
  status: Exclude<SignatureStatus, 'valid'>,
  { secret }: WebhookState,
): HttpRejection {
  if (status === 'missing') {
    return new HttpRejection(401, 'signature_missing', 'The delivery is not signed');
  }
  if (status === 'unknown') {
    return new HttpRejection(401, 'signature_unknown', 'The form of the signature is not known');
  }
  if (secret === '') {
    context.logger.warn(
      `${triggerName(context)} has no signing secret to verify deliveries with. Unpublish the workflow and publish it again to get a new one.`,
    );
    return new HttpRejection(503, 'not_ready', 'The delivery cannot be verified at the moment');
  }
  return status === 'expired'
    ? new HttpRejection(401, 'signature_expired', 'The signature has expired')
    : new HttpRejection(401, 'signature_invalid', 'The signature does not match the delivery');
}
