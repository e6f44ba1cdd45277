import { NodeApiError } from 'n8n-workflow';
import { OWN_PROFILE_PATH } from '../../../credentials/baseUrl';
import { isRecord } from '../../../credentials/http/record';
import type { ApiRequest, Client } from '../transport/client';
import { SECRET_KEYS } from './assumptions';
import { isSecret, toPrintableText } from './text';
import type { AgentIdentity } from './webhookState';
import { webhookObjects, webhookUrlIn } from './webhookUrl';

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
 * @param expected URLs that the webhook is known by; see {@link webhookUrlIn}
 * @returns the URL; undefined when the agent has no webhook
 * @throws NodeApiError when the request fails
 * @throws UserError when the response is not understood, which must not count as "no webhook"
 */
export async function readWebhookUrl(
  client: Client,
  expected: readonly unknown[],
): Promise<string | undefined> {
  const response = await client.send(GET_WEBHOOK).catch(undefinedIfNotFound);
  return webhookUrlIn(response?.body, expected);
}

/** "Not found" may also mean that the agent has no webhook. */
function undefinedIfNotFound(error: unknown): undefined {
  if (error instanceof NodeApiError && error.httpCode === '404') return undefined;
  throw error;
}

/** Reads the profile of the agent. */
const GET_AGENT: ApiRequest = {
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
export async function readAgent(client: Client): Promise<AgentIdentity> {
  const { body } = await client.send(GET_AGENT);
  const agent = isRecord(body) && isRecord(body.agent) ? body.agent : body;
  const name = (key: string): string =>
    webhookObjects(agent)
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
  return webhookObjects(body)
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
