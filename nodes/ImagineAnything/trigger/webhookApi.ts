import { NodeApiError } from 'n8n-workflow';
import { OWN_PROFILE_PATH } from '../../../credentials/baseUrl';
import type { ApiRequest, Client } from '../transport/client';
import { isRecord } from '../../../credentials/http/record';
import { ADDRESS_KEYS, SECRET_KEYS, WEBHOOK_KEYS } from './assumptions';
import type { WebhookState } from './webhookState';
import { isSame } from './webhookPlan';
import { unclear } from './errors';
import { isSecret, isWebAddress, toPlainText } from './text';

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
 * @throws UserError when its answer cannot be read: what is not understood must not be taken for no webhook
 */
export async function readAddress(
  client: Client,
  expected: readonly unknown[],
): Promise<string | undefined> {
  const { body } = (await client.send(GET_WEBHOOK).catch(toNothingWhenNotFound)) ?? {};
  if (isRecord(body) && !isNothing(body.error)) throw unclear();
  const named = placesOf(body).flatMap((place) => ADDRESS_KEYS.map((key) => place[key]));
  if (isRecord(body) && !isRecord(body.webhook) && !Array.isArray(body.webhook)) {
    named.push(body.webhook);
  }
  const known = named.filter((value) => !isNothing(value));
  const text = known.find((value) => typeof value === 'string');
  if (text !== undefined) return toAddress(text);
  // Named and empty: there is none.
  if (known.length === 0 && named.some((value) => value !== undefined)) return undefined;
  const found = addressesIn(body);
  if (known.length > 0 && found.length === 0) throw unclear();
  const own = found.find((each) => expected.some((other) => isSame(each, String(other))));
  return own ?? found[0];
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}

function toAddress(value: unknown): string {
  if (isWebAddress(value)) return value;
  throw unclear();
}

/** More than an answer about one webhook has. */
const MAX_VALUES = 10_000;
const MAX_ADDRESSES = 20;

/** A webhook under a name that is not known must not be taken for none, and overwritten. */
function addressesIn(answer: unknown): string[] {
  const found: string[] = [];
  const left = [answer];
  for (let count = 0; left.length > 0; count++) {
    const value = left.pop();
    if (typeof value === 'string' && /^https?:/i.test(value)) found.push(toAddress(value));
    const members: unknown[] =
      typeof value === 'object' && value !== null ? Object.values(value).reverse() : [];
    if (count + left.length + members.length > MAX_VALUES || found.length > MAX_ADDRESSES) {
      throw unclear();
    }
    for (const member of members) left.push(member);
  }
  return found;
}

/** An agent without a webhook may as well be answered with "not found". */
function toNothingWhenNotFound(error: unknown): undefined {
  if (error instanceof NodeApiError && error.httpCode === '404') return undefined;
  throw error;
}

/** Asks who the agent is. */
const WHO_AM_I: ApiRequest = {
  method: 'GET',
  path: OWN_PROFILE_PATH,
  token: 'required',
  repeat: 'safe',
  action: 'Get the agent of the credential',
};

/** Asks who the agent is. */
export async function whoAmI(client: Client): Promise<Pick<WebhookState, 'id' | 'handle'>> {
  const { body } = await client.send(WHO_AM_I);
  const agent = isRecord(body) && isRecord(body.agent) ? body.agent : body;
  const name = (key: string): string =>
    placesOf(agent)
      .map((place) => toPlainText(place[key]))
      .find((value) => value !== undefined) ?? '';
  return { id: name('id'), handle: name('handle') };
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
 * @returns the secret; undefined when the answer has none that could be one
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
  return placesOf(body)
    .flatMap((place) => SECRET_KEYS.map((key) => place[key]))
    .find(isSecret);
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

/** Where the members of the webhook may be. */
function placesOf(body: unknown): Array<Record<string, unknown>> {
  return isRecord(body) ? [body, ...WEBHOOK_KEYS.map((key) => body[key]).filter(isRecord)] : [];
}
