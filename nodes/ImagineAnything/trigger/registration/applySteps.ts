import type { Client } from '../../transport/client';
import { hadNoEffect } from '../../transport/nodeError';
import {
  secretMissing,
  unknownAgent,
  unknownReceiver,
  unknownSecret,
  urlKeyDropped,
  webhookInUse,
} from '../webhook/errors';
import { isSame } from '../webhook/sameUrl';
import { saveState } from '../webhook/storedState';
import { toShownUrl, urlKeyOf } from '../webhook/urlKey';
import {
  deleteWebhook,
  readWebhookUrl,
  registerWebhook,
  setWebhookUrl,
} from '../webhook/webhookApi';
import type { WebhookState } from '../webhook/webhookState';
import type { Hook } from './observeWebhook';
import { removeLater } from './removeLater';
import { workflowAt } from './trackedTriggers';
import type { ErrorName, NodeData, RegistrationStep, Step } from './webhookSteps';

const REFUSALS = {
  unknownAgent,
  unknownReceiver,
  unknownSecret,
  webhookInUse,
} satisfies Record<ErrorName, unknown>;

/**
 * Takes the steps of a plan in order, until one fails.
 *
 * @param hook what they work with
 * @param steps the plan
 * @param removeWebhook what `deleteLater` does some seconds later
 * @throws NodeOperationError, WebhookPathTakenError when the plan refuses, or no delivery could be verified
 * @throws NodeApiError when a request fails
 */
export async function applySteps(
  hook: Hook,
  steps: readonly Step[],
  removeWebhook: () => Promise<void>,
): Promise<void> {
  for (const step of steps) await applyStep(hook, step, removeWebhook);
}

async function applyStep(
  hook: Hook,
  step: Step,
  removeWebhook: () => Promise<void>,
): Promise<void> {
  const { context, client, state, data, ownUrl } = hook;
  switch (step.action) {
    case 'setUrl':
      return await setWebhookUrl(client, step.url);
    case 'point':
    case 'renew':
      return await registerUrl(hook, step);
    case 'save':
      return await saveState(context, client, step.state);
    case 'delete':
      return await deleteWebhook(client);
    case 'deleteLater':
      return removeLater(context, state.agent, ownUrl, removeWebhook);
    case 'store':
      return storeIn(data, step.data);
    case 'refuse':
      throw REFUSALS[step.reason](context.getNode(), nameOf(step.subject));
    case 'fail':
      throw step.error;
  }
}

/** The workflow that has a webhook URL, if this process knows it, and the URL. */
function nameOf(url: string): string {
  const workflow = workflowAt(url);
  return workflow === undefined
    ? toShownUrl(url)
    : `the workflow "${workflow}" (${toShownUrl(url)})`;
}

/**
 * Sets the URL of this node. While the service changes it, deliveries with the old key and with the new one are accepted.
 * A service that does not keep the key has the signature verified instead.
 */
async function registerUrl(hook: Hook, step: RegistrationStep): Promise<void> {
  const { context, client, state: before } = hook;
  const { action, url, state } = step;
  const isNewKey = state.urlKey !== before.urlKey;
  // Should n8n crash before the new secret is saved, the old one must not be used.
  const known = action === 'renew' ? { ...before, secret: '', signatureForm: '' } : before;
  // The state of a test that borrows the webhook of another receiver is saved already, with the only key that counts.
  const isBorrowed = action === 'point' && state.temporaryUrl !== '';
  const isReplaced = before.urlKey !== '' || known.secret !== before.secret;
  const isAnnounced = isNewKey && isReplaced && !isBorrowed;
  if (isAnnounced) await saveState(context, client, { ...known, nextUrlKey: state.urlKey });
  const secret = await requestUrl(client, step).catch(async (error: unknown) => {
    if (isAnnounced && hadNoEffect(error)) await saveState(context, client, before);
    throw error;
  });
  const registered = { ...state, ...secret, nextUrlKey: '' };
  const isKept = !isNewKey || (await keepsUrlKey(client, url, state.urlKey));
  const verifiable = isKept ? registered : { ...registered, urlKey: '' };
  await saveState(context, client, verifiable);
  await assertVerifiable(hook, verifiable, step);
}

/** @returns the new secret, if one was requested; empty when the service returned none */
async function requestUrl(
  client: Client,
  { action, url }: RegistrationStep,
): Promise<Pick<WebhookState, 'secret' | 'signatureForm'> | undefined> {
  if (action === 'renew') {
    return { secret: (await registerWebhook(client, url)) ?? '', signatureForm: '' };
  }
  await setWebhookUrl(client, url);
  return undefined;
}

/** Whether the service delivers to the URL as it was given; true when it delivers elsewhere by now. */
async function keepsUrlKey(client: Client, url: string, urlKey: string): Promise<boolean> {
  const registeredUrl = await readWebhookUrl(client, [url]);
  return !isSame(registeredUrl, url) || urlKeyOf(registeredUrl) === urlKey;
}

/** @throws NodeOperationError when no delivery could be verified as the user wants it */
async function assertVerifiable(
  { context, client }: Hook,
  state: WebhookState,
  { verification }: RegistrationStep,
): Promise<void> {
  const node = context.getNode();
  const byUrl = state.urlKey !== '' && verification !== 'signature';
  const bySignature = state.secret !== '' && verification !== 'address';
  if (byUrl || bySignature) return;
  // A test gives the webhook back.
  if (state.temporaryUrl !== '' && state.webhookUrl !== '') {
    await setWebhookUrl(client, state.webhookUrl);
  }
  throw verification === 'address' ? urlKeyDropped(node) : secretMissing(node);
}

function storeIn(data: Hook['data'], changes: NodeData): void {
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete data[key];
    else data[key] = value;
  }
}
