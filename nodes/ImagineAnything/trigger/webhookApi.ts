import { NodeApiError } from 'n8n-workflow';
import { OWN_PROFILE_PATH } from '../../../credentials/baseUrl';
import { isRecord } from '../../../credentials/http/record';
import type { ApiRequest, Client } from '../transport/client';
import { URL_KEYS, SECRET_KEYS, WEBHOOK_KEYS } from './assumptions';
import type { WebhookState } from './webhookState';
import { isSame } from './webhookPlan';
import { unexpectedResponse } from './errors';
import { isSecret, isHttpUrl, toPrintableText } from './text';

/** The one webhook of the agent (reference: Configure Your Webhook). */
const PATH = '/agents/me/webhook';

const GET_WEBHOOK: ApiRequest = {
  method: 'GET',
  path: PATH,
  token: 'required',
  repeat: 'safe',
  action: 'Get webhook of agent',
};

/**
 * Reads the webhook URL of the agent.
 *
 * @param expected URLs that are preferred when the response has several under unknown keys
 * @returns the URL; undefined when the agent has no webhook
 * @throws NodeApiError when the request fails
 * @throws UserError when the response is not understood, which must not count as "no webhook"
 */
export async function readWebhookUrl(
  client: Client,
  expected: readonly unknown[],
): Promise<string | undefined> {
  const { body } = (await client.send(GET_WEBHOOK).catch(undefinedIfNotFound)) ?? {};
  if (isRecord(body) && !isEmpty(body.error)) throw unexpectedResponse();
  const named = candidatesIn(body).flatMap((object) => URL_KEYS.map((key) => object[key]));
  if (isRecord(body) && !isRecord(body.webhook) && !Array.isArray(body.webhook)) {
    named.push(body.webhook);
  }
  const known = named.filter((value) => !isEmpty(value));
  const text = known.find((value) => typeof value === 'string');
  if (text !== undefined) return toUrl(text);
  // The key is there and empty: there is no webhook.
  if (known.length === 0 && named.some((value) => value !== undefined)) return undefined;
  const found = findUrls(body);
  if (known.length > 0 && found.length === 0) throw unexpectedResponse();
  const own = found.find((each) => expected.some((other) => isSame(each, String(other))));
  return own ?? found[0];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}

function toUrl(value: unknown): string {
  if (isHttpUrl(value)) return value;
  throw unexpectedResponse();
}

/** More than a response about one webhook has. */
const MAX_RESPONSE_VALUES = 10_000;
const MAX_URLS = 20;

/** A webhook under an unknown key must not count as none, or it would be overwritten. */
function findUrls(response: unknown): string[] {
  const found: string[] = [];
  const left = [response];
  for (let count = 0; left.length > 0; count++) {
    const value = left.pop();
    if (typeof value === 'string' && /^https?:/i.test(value)) found.push(toUrl(value));
    const values: unknown[] =
      typeof value === 'object' && value !== null ? Object.values(value).reverse() : [];
    if (count + left.length + values.length > MAX_RESPONSE_VALUES || found.length > MAX_URLS) {
      throw unexpectedResponse();
    }
    for (const inner of values) left.push(inner);
  }
  return found;
}

/** "Not found" may also mean that the agent has no webhook. */
function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof NodeApiError && error.httpCode === '404') return undefined;
  throw error;
}

/** Reads the profile of the agent. The credential is stored with this request. */
export const GET_AGENT: ApiRequest = {
  method: 'GET',
  path: OWN_PROFILE_PATH,
  token: 'required',
  repeat: 'safe',
  action: 'Get own profile',
};

/**
 * Reads the ID and the handle of the agent.
 *
 * @returns empty strings for what the response does not have
 * @throws NodeApiError when the request fails
 */
export async function readAgent(client: Client): Promise<Pick<WebhookState, 'id' | 'handle'>> {
  const { body } = await client.send(GET_AGENT);
  const agent = isRecord(body) && isRecord(body.agent) ? body.agent : body;
  const name = (key: string): string =>
    candidatesIn(agent)
      .map((object) => toPrintableText(object[key]))
      .find((value) => value !== undefined) ?? '';
  return { id: name('id'), handle: name('handle') };
}

/** Sets the webhook URL. The secret stays the same. @throws NodeApiError when the request fails */
export async function setWebhookUrl(client: Client, webhookUrl: string): Promise<void> {
  await client.send({
    method: 'PATCH',
    path: PATH,
    body: { webhookUrl },
    token: 'required',
    repeat: 'idempotent',
    action: 'Update webhook of agent',
  });
}

/**
 * Sets the webhook URL and requests a new signing secret.
 *
 * @returns the secret; undefined when the response has no usable one
 * @throws NodeApiError when the request fails
 */
export async function registerWebhook(
  client: Client,
  webhookUrl: string,
): Promise<string | undefined> {
  const { body } = await client.send({
    method: 'PATCH',
    path: PATH,
    body: { webhookUrl, regenerateSecret: true },
    token: 'required',
    // Nobody knows a secret whose response was lost, so requesting another one does no harm.
    repeat: 'idempotent',
    action: 'Register webhook of agent',
  });
  return candidatesIn(body)
    .flatMap((object) => SECRET_KEYS.map((key) => object[key]))
    .find(isSecret);
}

/** Deletes the webhook. @throws NodeApiError when the request fails */
export async function deleteWebhook(client: Client): Promise<void> {
  await client.send({
    method: 'DELETE',
    path: PATH,
    token: 'required',
    repeat: 'idempotent',
    action: 'Delete webhook of agent',
  });
}

/** The objects that may have the fields of the webhook. */
function candidatesIn(body: unknown): Array<Record<string, unknown>> {
  return isRecord(body) ? [body, ...WEBHOOK_KEYS.map((key) => body[key]).filter(isRecord)] : [];
}
