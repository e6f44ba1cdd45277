/** The webhook state as it is stored with the credential, and what this process remembers of it. */
import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { CREDENTIAL, type CredentialClient } from '../../transport/client';
import { stateNotSaved } from './errors';
import { MAX_NODES } from '../nodeIdentity';
import { readWebhookState, toCredentialFields, type WebhookState } from './webhookState';

/** How long a cached webhook state is used, and how old it may be when a signature does not match it. */
export const STATE_CACHE_MS = 10_000;
export const STATE_REFRESH_MS = 500;

/**
 * The webhook states that this process read recently, by credential. n8n sets up an expression sandbox each time
 * it reads a credential (n8n 2.41.1, `applyDefaultsAndOverwrites`), which is most of the work of a delivery.
 */
const cachedStates = new ProcessMap<{ state: WebhookState; at: number }>(MAX_NODES);

/**
 * Reads the webhook state for a delivery.
 *
 * @param maxAgeMs how old a cached one may be
 * @throws UserError when the base URL is rejected
 */
export async function loadState(
  context: IWebhookFunctions,
  maxAgeMs: number,
): Promise<WebhookState> {
  const id = context.getNode().credentials?.[CREDENTIAL]?.id;
  const at = performance.now();
  const cached = id ? cachedStates.get(id) : undefined;
  if (cached !== undefined && at - cached.at < maxAgeMs) return cached.state;
  const state = readWebhookState(await context.getCredentials(CREDENTIAL));
  // Another delivery may have cached a newer one meanwhile.
  if (id && (cachedStates.get(id)?.at ?? 0) <= at) cachedStates.set(id, { state, at });
  return state;
}

/** Remembers a state that this process has stored, so that it counts for the next delivery. */
export function cacheState(context: Pick<IWebhookFunctions, 'getNode'>, state: WebhookState): void {
  const id = context.getNode().credentials?.[CREDENTIAL]?.id;
  if (id) cachedStates.set(id, { state, at: performance.now() });
}

/**
 * Saves a state with the credential, and reads it back: another process may have overwritten it.
 *
 * @throws NodeOperationError when the state is not there
 * @throws NodeApiError when the service refuses the request that stores it
 */
export async function saveState(
  context: IHookFunctions,
  client: CredentialClient,
  state: WebhookState,
): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    await client.storeFields(toCredentialFields(state));
    const stored = readWebhookState(await context.getCredentials(CREDENTIAL));
    if (JSON.stringify(stored) === JSON.stringify(state)) {
      cacheState(context, state);
      return;
    }
  }
  throw stateNotSaved(context.getNode());
}
