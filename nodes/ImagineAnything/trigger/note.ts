import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { readBaseUrl } from '../../../credentials/baseUrl';
import { isRecord } from '../transport/failure';
import { isSecret, isWebAddress, toPlainText } from './text';

/**
 * What is known about the one webhook of an agent. It is kept in a hidden field of the credential, and
 * not in the workflow's static data, for these reasons (n8n 2.41.1):
 *
 * - the webhook and its secret belong to the agent, and so to the credential, not to a workflow;
 * - n8n encrypts credentials, whereas static data is part of the workflow's JSON in n8n's own and
 *   public API, and so of its exports;
 * - a test listener starts with empty static data, but must verify with the secret that the production
 *   workflow relies on;
 * - whoever saves static data overwrites all of it, so that a long execution could bring back an old secret.
 */
// A type, not an interface: n8n's data types want index signatures, which types have implicitly.
export type WebhookNote = {
  /** Which base URL and client ID it is about. */
  agent: string;
  /** Empty while unknown. */
  secret: string;
  /** Where the events go, or where they go again after a test; empty for nowhere. */
  address: string;
  /** The address of a test that borrowed the webhook, or of a workflow that is about to lose it; empty for none. */
  lentTo: string;
  /** Who the agent is, so that its own actions can be left out. */
  id: string;
  handle: string;
};

/**
 * Starts a note with nothing known but the agent.
 *
 * @throws UserError when the base URL is refused
 */
export function emptyNote(credentials: ICredentialDataDecryptedObject): WebhookNote {
  return { agent: agentOf(credentials), secret: '', address: '', lentTo: '', id: '', handle: '' };
}

/**
 * Reads the note of a credential.
 *
 * @returns an empty note when there is none, when it is about another agent, or when anything in it has not the
 *   form in which it is kept
 * @throws UserError when the base URL is refused
 */
export function readNote(credentials: ICredentialDataDecryptedObject): WebhookNote {
  const empty = emptyNote(credentials);
  const stored = parse(credentials.webhook);
  const isGood =
    stored.agent === empty.agent &&
    MEMBERS.every(([name, isRight]) => stored[name] === '' || isRight(stored[name]));
  return isGood
    ? { ...empty, ...(Object.fromEntries(MEMBERS.map(([name]) => [name, stored[name]])) as object) }
    : empty;
}

const isPlainText = (value: unknown): boolean =>
  typeof value === 'string' && toPlainText(value) === value;

/** What each member of a note is, where it is not empty. */
const MEMBERS: ReadonlyArray<
  [name: Exclude<keyof WebhookNote, 'agent'>, isRight: (value: unknown) => boolean]
> = [
  ['secret', isSecret],
  ['address', isWebAddress],
  ['lentTo', isWebAddress],
  ['id', isPlainText],
  ['handle', isPlainText],
];

/**
 * Gives the hidden members of the credential that keep a note. Being a JSON object it begins with a brace,
 * whatever the service said, and so is never an expression, which n8n would evaluate.
 */
export function toMembers(note: WebhookNote): IDataObject {
  return { webhook: JSON.stringify(note) };
}

/** The client secret is not part of it: a new one does not make another agent. */
function agentOf(credentials: ICredentialDataDecryptedObject): string {
  const parts = [readBaseUrl(credentials.baseUrl), credentials.clientId];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function parse(text: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(text ?? ''));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
