import { NodeApiError } from 'n8n-workflow';
import { OWN_PROFILE_PATH } from '../../../credentials/baseUrl';
import type { ApiRequest, Client } from '../transport/client';
import { isRecord } from '../transport/failure';
import { ADDRESS_KEYS, SECRET_KEYS, WEBHOOK_KEYS } from './assumptions';
import type { WebhookNote } from './note';
import { isSame } from './plan';

/** The one webhook of the agent (reference: Configure Your Webhook). */
const PATH = '/agents/me/webhook';

const GET_WEBHOOK: ApiRequest = {
  method: 'GET',
  path: PATH,
  token: 'required',
  repeat: 'safe',
  action: 'Get the webhook of the agent',
};

/**
 * Asks where the events of the agent go.
 *
 * @param client asks
 * @param expected addresses that are taken for it first, where the answer has several under unknown names
 * @returns the address; undefined when the agent has no webhook
 * @throws NodeApiError when the service cannot say
 */
export async function readAddress(
  client: Client,
  expected: readonly unknown[],
): Promise<string | undefined> {
  const { body } = (await client.send(GET_WEBHOOK).catch(toNothingWhenNotFound)) ?? {};
  const named = placesOf(body).flatMap((place) => ADDRESS_KEYS.map((key) => place[key]));
  const known = named.find((value) => typeof value === 'string' && value !== '');
  if (typeof known === 'string') return known;
  // Named and empty: there is none.
  if (named.some((value) => value === null || value === '')) return undefined;
  const found = addressesIn(body);
  return found.find((each) => expected.some((own) => isSame(each, String(own)))) ?? found[0];
}

/** A webhook under a name that is not known must not be taken for none, and overwritten. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^https?:/i.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(addressesIn);
}

/** An agent without a webhook may as well be answered with "not found". */
function toNothingWhenNotFound(error: unknown): undefined {
  if (error instanceof NodeApiError && error.httpCode === '404') return undefined;
  throw error;
}

/** Asks who the agent is. */
export const WHO_AM_I: ApiRequest = {
  method: 'GET',
  path: OWN_PROFILE_PATH,
  token: 'required',
  repeat: 'safe',
  action: 'Get the agent of the credential',
};

/** Asks who the agent is. */
export async function whoAmI(client: Client): Promise<Pick<WebhookNote, 'id' | 'handle'>> {
  const { body } = await client.send(WHO_AM_I);
  const agent = isRecord(body) && isRecord(body.agent) ? body.agent : body;
  return { id: readText(agent, ['id']) ?? '', handle: readText(agent, ['handle']) ?? '' };
}

/** Sends the events to an address. The secret stays. */
export async function point(client: Client, webhookUrl: string): Promise<void> {
  await client.send({
    method: 'PATCH',
    path: PATH,
    body: { webhookUrl },
    token: 'required',
    repeat: 'idempotent',
    action: 'Set the webhook of the agent',
  });
}

/**
 * Sends the events to an address, signed with a new secret.
 *
 * @returns the secret; undefined when the answer has none
 */
export async function renew(client: Client, webhookUrl: string): Promise<string | undefined> {
  const { body } = await client.send({
    method: 'PATCH',
    path: PATH,
    body: { webhookUrl, regenerateSecret: true },
    token: 'required',
    // A secret whose answer was lost is known to nobody, so having another one made does no harm.
    repeat: 'idempotent',
    action: 'Register the webhook of the agent',
  });
  return readText(body, SECRET_KEYS);
}

/** Ends the delivery of events. */
export async function remove(client: Client): Promise<void> {
  await client.send({
    method: 'DELETE',
    path: PATH,
    token: 'required',
    repeat: 'idempotent',
    action: 'Remove the webhook of the agent',
  });
}

function readText(body: unknown, keys: readonly string[]): string | undefined {
  for (const place of placesOf(body)) {
    for (const key of keys) {
      const value = place[key];
      if (typeof value === 'string' && value !== '') return value;
    }
  }
  return undefined;
}

/** Where the members of the webhook may be. */
function placesOf(body: unknown): Array<Record<string, unknown>> {
  return isRecord(body) ? [body, ...WEBHOOK_KEYS.map((key) => body[key]).filter(isRecord)] : [];
}
