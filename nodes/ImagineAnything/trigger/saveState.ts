import type { IHookFunctions } from 'n8n-workflow';
import { CREDENTIAL, type CredentialClient } from '../transport/client';
import { stateNotSaved } from './errors';
import { readWebhookState, toCredentialFields, type WebhookState } from './webhookState';

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
    if (JSON.stringify(stored) === JSON.stringify(state)) return;
  }
  throw stateNotSaved(context.getNode());
}
