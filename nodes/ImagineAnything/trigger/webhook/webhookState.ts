import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { readBaseUrl } from '../../../../credentials/baseUrl';
import { parseJsonObject } from '../../../../credentials/http/record';
import { isSecret, isHttpUrl, toPrintableText } from '../text';
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
  /** The webhook URLs of the other triggers of this n8n instance that deliveries are passed on to. */
  receivers: string[];
  /** The agent, so that its own actions can be ignored. */
  id: string;
  handle: string;
};

/** The fields about a webhook, when there is none. */
export const NO_WEBHOOK: Omit<WebhookState, 'agent' | 'id' | 'handle'> = {
  secret: '',
  signatureForm: '',
  urlKey: '',
  nextUrlKey: '',
  webhookUrl: '',
  temporaryUrl: '',
  receivers: [],
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
  // The first version stored neither keys nor receivers.
  const stored: Record<string, unknown> = {
    ...{ signatureForm: '', urlKey: '', nextUrlKey: '', receivers: [] },
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

/** More workflows than one agent has. */
const MAX_RECEIVERS = 50;

const isListOfUrls = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MAX_RECEIVERS && value.every(isHttpUrl);

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
  ['receivers', isListOfUrls],
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
