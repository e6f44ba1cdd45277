import type { IWebhookFunctions } from 'n8n-workflow';
import { CREDENTIAL, openClient } from '../../transport/client';
import { HttpRejection } from '../httpRejection';
import type { DeliveryOptions } from '../parameters/options';
import { type SignatureStatus, verifySignature } from './signature';
import { triggerName } from '../nodeIdentity';
import { warnHourly } from '../warnHourly';
import { serialize } from '../serialize';
import { cacheState, loadState, STATE_CACHE_MS, STATE_REFRESH_MS } from '../webhook/storedState';
import { messageOf } from '../text';
import { hasUrlKey } from '../webhook/urlKey';
import { readWebhookState, toCredentialFields, type WebhookState } from '../webhook/webhookState';

/** How a delivery was verified, as the output of the trigger says. */
// A type, not an interface: an item's data wants an index signature, which types have implicitly.
export type Verification = {
  /**
   * `address`: by the key in the webhook URL only. Only in the editor: `none`: not at all; `sample`: it is an example
   * that the trigger delivered to itself.
   */
  method: 'signature' | 'address' | 'none' | 'sample';
  /** The form of the signature; see `signatureForms.ts`. */
  form?: string;
  /** With `none`, why a published workflow would reject the delivery. */
  rejection?: string;
};

/** Why a delivery is not accepted. */
type RejectionReason = 'url_incomplete' | 'not_ready' | Exclude<SignatureStatus, 'valid'>;

/** A delivery that is from the service. */
export interface VerifiedDelivery {
  /** With the key and the secret that fit. */
  state: WebhookState;
  verification: Verification;
}

/**
 * Loads the state of the webhook and verifies a delivery as the user chose.
 *
 * @throws HttpRejection when the URL lacks the key, or the signature is missing, does not match or has expired
 */
export async function verifyDelivery(
  context: IWebhookFunctions,
  body: Buffer,
  options: DeliveryOptions,
): Promise<VerifiedDelivery> {
  const cached = await loadState(context, STATE_CACHE_MS);
  const first = check(context, body, cached, options);
  if (typeof first === 'object') return { state: cached, verification: first };
  // Key and secret may have been replaced since.
  const fresh = await loadState(context, STATE_REFRESH_MS);
  const second = fresh === cached ? first : check(context, body, fresh, options);
  if (typeof second === 'object') return { state: fresh, verification: second };
  // Who listens in the editor sees what a published workflow would reject.
  if (context.getMode() === 'manual' && fresh.urlKey !== '' && isAboutSignature(second)) {
    return { state: fresh, verification: { method: 'none', rejection: REJECTIONS[second][0] } };
  }
  throw toRejection(context, second);
}

/**
 * Checks a delivery. Without a key in the registered URL, which the service may not keep, a signature is needed; so it
 * is once there was one.
 */
function check(
  context: IWebhookFunctions,
  body: Buffer,
  { secret, signatureForm, urlKey, nextUrlKey }: WebhookState,
  { verification, maximumAge }: DeliveryOptions,
): Verification | RejectionReason {
  const isByUrl = urlKey !== '';
  if (isByUrl && !hasUrlKey(context.getQueryData(), [urlKey, nextUrlKey])) {
    return 'url_incomplete';
  }
  if (verification === 'address') return isByUrl ? { method: 'address' } : 'not_ready';
  const mayBeUnsigned = isByUrl && verification === 'automatic' && signatureForm === '';
  if (secret === '') return mayBeUnsigned ? { method: 'address' } : 'not_ready';
  const headers = context.getHeaderData();
  const result = verifySignature({ headers, body, secret, maximumAge, now: Date.now() });
  if (result.status === 'valid') return { method: 'signature', form: result.form };
  const isUnknown = result.status === 'missing' || result.status === 'unknown';
  return isUnknown && mayBeUnsigned ? { method: 'address' } : result.status;
}

const REJECTIONS: Readonly<
  Record<Exclude<RejectionReason, 'not_ready'>, [code: string, message: string]>
> = {
  url_incomplete: ['url_incomplete', 'The webhook URL is not the registered one'],
  missing: ['signature_missing', 'The delivery is not signed'],
  unknown: ['signature_unknown', 'The form of the signature is not known'],
  invalid: ['signature_invalid', 'The signature does not match the delivery'],
  expired: ['signature_expired', 'The signature has expired'],
};

function isAboutSignature(reason: RejectionReason): reason is Exclude<SignatureStatus, 'valid'> {
  return reason !== 'not_ready' && reason !== 'url_incomplete';
}

function toRejection(context: IWebhookFunctions, reason: RejectionReason): HttpRejection {
  if (reason !== 'not_ready') return new HttpRejection(401, ...REJECTIONS[reason]);
  const advice = 'Unpublish the workflow and publish it again to register the webhook anew.';
  const message = `has nothing to verify deliveries with. ${advice}`;
  warnHourly(context, reason, message, performance.now());
  return new HttpRejection(503, 'not_ready', 'The delivery cannot be verified at the moment');
}

/**
 * Remembers with the credential that the service signs, so that deliveries need a signature from now on. Nobody waits for
 * it, so a failure is logged.
 *
 * @param state the state with whose secret the signature was made
 * @param form the form of the signature
 */
export function rememberSignature(
  context: IWebhookFunctions,
  state: WebhookState,
  form: string,
): void {
  cacheState(context, { ...state, signatureForm: form });
  serialize(state.agent, async () => {
    const stored = readWebhookState(await context.getCredentials(CREDENTIAL));
    if (stored.secret !== state.secret || stored.signatureForm !== '') return;
    const client = await openClient(context);
    await client.storeFields(toCredentialFields({ ...stored, signatureForm: form }));
  }).catch((error: unknown) => {
    context.logger.warn(
      `${triggerName(context)} could not save that deliveries are signed: ${messageOf(error)}`,
    );
  });
}
