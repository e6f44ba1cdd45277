import { callOperation, sendOperation } from '../../engine/callOperation';
import { rejectionOf } from '../../engine/recipe';
import type { Client } from '../../transport/client';
import { SECRET_KEYS } from '../assumptions';
import { TRIGGER_OPERATIONS } from '../operations';
import { isSecret, toPrintableText } from '../text';
import type { AgentIdentity } from './webhookState';
import { webhookObjects, webhookUrlIn } from './webhookUrl';

const { own } = TRIGGER_OPERATIONS;

/**
 * Reads the webhook URL of the agent.
 *
 * @param expected URLs that the webhook is known by; see {@link webhookUrlIn}
 * @returns the URL; undefined when the agent has no webhook
 * @throws NodeApiError when the request fails, which includes a 404 without the documented form of an error
 * @throws UserError when the response is not understood, which must not count as "no webhook"
 */
export async function readWebhookUrl(
  client: Client,
  expected: readonly unknown[],
): Promise<string | undefined> {
  const body = await sendOperation(client, own.getWebhook).catch(undefinedIfNotFound);
  return webhookUrlIn(body, expected);
}

/**
 * "Not found" may also mean that the agent has no webhook, but only if it is from the service: a proxy, or whatever is
 * at a wrong base URL, does not know which webhook would be replaced.
 */
function undefinedIfNotFound(error: unknown): undefined {
  const { status, isDocumented } = rejectionOf(error) ?? {};
  if (status === 404 && isDocumented) return undefined;
  throw error;
}

/**
 * Reads the ID and the handle of the agent.
 *
 * @returns empty strings for what the response does not have
 * @throws NodeApiError when the request fails
 */
export async function readAgent(client: Client): Promise<AgentIdentity> {
  const [agent] = await callOperation(client, own.getProfile, {});
  const name = (key: string): string =>
    webhookObjects(agent)
      .map((object) => toPrintableText(object[key]))
      .find((value) => value !== undefined) ?? '';
  return { id: name('id'), handle: name('handle') };
}

/** What the query of a URL has: a key, or whatever another receiver recognizes its deliveries by. */
function secretsIn(url: string): string[] {
  return URL.canParse(url) ? [...new URL(url).searchParams.values()] : [];
}

/**
 * Sets the webhook URL. The secret stays the same.
 *
 * @param webhookUrl one that n8n or the service gave; with a service on this machine it may be `http`, which a user
 *   could not enter
 * @throws NodeApiError when the request fails
 */
export async function setWebhookUrl(client: Client, webhookUrl: string): Promise<void> {
  const values = new Map([['webhookUrl', webhookUrl]]);
  await sendOperation(client, own.setWebhookUrl, values, secretsIn(webhookUrl));
}

/**
 * Sets the webhook URL and requests a new signing secret.
 *
 * @param webhookUrl as for {@link setWebhookUrl}
 * @returns the secret; undefined when the response has no usable one
 * @throws NodeApiError when the request fails
 */
export async function registerWebhook(
  client: Client,
  webhookUrl: string,
): Promise<string | undefined> {
  const values = new Map(Object.entries({ webhookUrl, regenerateSecret: true }));
  const body = await sendOperation(client, own.registerWebhook, values, secretsIn(webhookUrl));
  return webhookObjects(body)
    .flatMap((object) => SECRET_KEYS.map((key) => object[key]))
    .find(isSecret);
}

/**
 * Asks for a test delivery. The URL and the secret stay the same.
 *
 * @param webhookUrl the registered one
 * @throws NodeApiError when the request fails
 */
export async function requestTestDelivery(client: Client, webhookUrl: string): Promise<void> {
  const values = new Map(Object.entries({ webhookUrl, test: true }));
  await sendOperation(client, own.requestTestDelivery, values, secretsIn(webhookUrl));
}

/** Deletes the webhook. @throws NodeApiError when the request fails */
export async function deleteWebhook(client: Client): Promise<void> {
  await sendOperation(client, own.deleteWebhook);
}
