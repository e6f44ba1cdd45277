import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { readBaseUrl } from '../../../credentials/baseUrl';
import { parseJsonObject } from '../../../credentials/http/record';
import { isSecret, isHttpUrl, toPrintableText } from './text';

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
  /** The webhook URL, or the one to restore after a test; empty for none. */
  address: string;
  /** The URL of a test that uses the webhook, or of a workflow that is about to lose it; empty for none. */
  lentTo: string;
  /** The agent, so that its own actions can be ignored. */
  id: string;
  handle: string;
};

/**
 * Creates the state in which only the agent is known.
 *
 * @throws UserError when the base URL is rejected
 */
export function emptyWebhookState(credentials: ICredentialDataDecryptedObject): WebhookState {
  return { agent: agentKey(credentials), secret: '', address: '', lentTo: '', id: '', handle: '' };
}

/**
 * Reads the state stored with a credential.
 *
 * @returns the empty state when none is stored, when it belongs to another agent, or when a field is not valid
 * @throws UserError when the base URL is rejected
 */
export function readWebhookState(credentials: ICredentialDataDecryptedObject): WebhookState {
  const empty = emptyWebhookState(credentials);
  const stored = parseJsonObject(credentials.webhook);
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
  ['address', isHttpUrl],
  ['lentTo', isHttpUrl],
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

/** The client secret is not included: the agent stays the same when it is replaced. */
function agentKey(credentials: ICredentialDataDecryptedObject): string {
  const parts = [readBaseUrl(credentials.baseUrl), credentials.clientId];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
