import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject, IHookFunctions } from 'n8n-workflow';
import { readBaseUrl } from '../../../credentials/baseUrl';
import { parseJsonObject } from '../../../credentials/http/record';
import { CREDENTIAL, type CredentialClient } from '../transport/client';
import { stateNotSaved } from './errors';
import { isSecret, isHttpUrl, toPrintableText } from './text';
import { isUrlKey } from './urlKey';

/**
 * The state of the one webhook of an agent. It is stored in a hidden field of the credential instead of the
 * workflow's static data, for these reasons (n8n 2.41.1):
 *
 * - the webhook and its secret belong to the agent, and so to the credential, not to a workflow;
 * - n8n encrypts credentials, whereas static data is part of the workflow's JSON in n8n's internal and public
 *   API, and so of its exports;
 * - a test listener starts with empty static data, but must verify with the secret of the production workflow;
 * - saving static data replaces all of it, so a long execution could restore an old secret.
 */
// A type, not an interface: n8n's data types want index signatures, which types have implicitly.
export type WebhookState = {
  /** A hash of the base URL and client ID that the state belongs to. */
  agent: string;
  /** Empty while unknown. */
  secret: string;
  /** The form of the first valid signature that was made with the secret; empty while there was none. */
  signatureForm: string;
  /** The key in the registered URL; empty when the service does not keep it, or there is none yet. */
  urlKey: string;
  /** The key that is about to take its place; empty for none. */
  nextUrlKey: string;
  /** The webhook URL, or the one to restore after a test; empty for none. */
  webhookUrl: string;
  /** The URL that has the webhook temporarily: of a test, or of a workflow that is about to lose it; empty for none. */
  temporaryUrl: string;
  /** The agent, so that its own actions can be ignored. */
  id: string;
  handle: string;
};

/** The fields about a webhook, when there is none. */
export const NO_WEBHOOK = {
  secret: '',
  signatureForm: '',
  urlKey: '',
  nextUrlKey: '',
  webhookUrl: '',
  temporaryUrl: '',
};

/** Who the agent is; empty strings for what the service did not say. */
export type AgentIdentity = Pick<WebhookState, 'id' | 'handle'>;

/**
 * Creates the state in which only the agent is known.
 *
 * @throws UserError when the base URL is rejected
 */
export function emptyWebhookState(credentials: ICredentialDataDecryptedObject): WebhookState {
  const agent = agentKey(credentials);
  return { agent, ...NO_WEBHOOK, id: '', handle: '' };
}

/**
 * Reads the state stored with a credential.
 *
 * @returns the empty state when none is stored, when it belongs to another agent, or when a field is not valid
 * @throws UserError when the base URL is rejected
 */
export function readWebhookState(credentials: ICredentialDataDecryptedObject): WebhookState {
  const empty = emptyWebhookState(credentials);
  // The first version stored no keys.
  const stored: Record<string, unknown> = {
    ...{ signatureForm: '', urlKey: '', nextUrlKey: '' },
    ...parseJsonObject(credentials.webhook),
  };
  const isUsable =
    stored.agent === empty.agent &&
    FIELDS.every(([name, isValid]) => stored[name] === '' || isValid(stored[name]));
  return isUsable
    ? { ...empty, ...(Object.fromEntries(FIELDS.map(([name]) => [name, stored[name]])) as object) }
    : empty;
}

const isPrintable = (value: unknown): boolean =>
  typeof value === 'string' && toPrintableText(value) === value;

/** The checks of the fields that are not empty. */
const FIELDS: ReadonlyArray<
  [name: Exclude<keyof WebhookState, 'agent'>, isValid: (value: unknown) => boolean]
> = [
  ['secret', isSecret],
  ['signatureForm', isPrintable],
  ['urlKey', isUrlKey],
  ['nextUrlKey', isUrlKey],
  ['webhookUrl', isHttpUrl],
  ['temporaryUrl', isHttpUrl],
  ['id', isPrintable],
  ['handle', isPrintable],
];

/**
 * Converts a state to the hidden field of the credential. A JSON object begins with a brace, whatever the service
 * sent, so n8n never evaluates it as an expression.
 */
export function toCredentialFields(state: WebhookState): IDataObject {
  return { webhook: JSON.stringify(state) };
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
    if (JSON.stringify(stored) === JSON.stringify(state)) return;
  }
  throw stateNotSaved(context.getNode());
}

/** The client secret is not included: the agent stays the same when it is replaced. */
function agentKey(credentials: ICredentialDataDecryptedObject): string {
  const parts = [readBaseUrl(credentials.baseUrl), credentials.clientId];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
