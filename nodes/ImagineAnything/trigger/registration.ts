import type { IHookFunctions } from 'n8n-workflow';
import { type Client, CREDENTIAL } from '../transport/client';
import { type Deadline, deadlineIn, remaining } from '../../../credentials/http/deadline';
import { sleep } from '../../../credentials/http/sleep';
import { hadNoEffect } from '../transport/nodeError';
import {
  assertValidParameters,
  assertReachable,
  isRestart,
  isTest,
  registrationOptionsOf,
  warnAboutWaiting,
  webhookUrlOf,
} from './activation';
import {
  secretMissing,
  unknownAgent,
  unknownReceiver,
  unknownSecret,
  urlKeyDropped,
  webhookInUse,
} from './errors';
import { HOOK_MS, RESTORE_MS, retryUntil, START_MS } from './hookDeadline';
import { triggerName } from './nodeIdentity';
import {
  type Hook,
  observe,
  observeEnd,
  observeRegistration,
  observeRestart,
  openHook,
} from './observeWebhook';
import { cancelRemoval, removeLater } from './removeLater';
import { isSame } from './sameUrl';
import { serialize } from './serialize';
import { messageOf } from './text';
import { trackTrigger, untrackTrigger, workflowAt } from './trackedTriggers';
import { toShownUrl, urlKeyOf } from './urlKey';
import {
  deleteWebhook,
  readWebhookUrl,
  registerWebhook,
  requestTestDelivery,
  setWebhookUrl,
} from './webhookApi';
import {
  hasRegisteredAgain,
  needsRestore,
  planEnd,
  planRegistration,
  planRestart,
  staysWithoutResponse,
} from './webhookPlan';
import { saveState } from './storedState';
import { readWebhookState, type WebhookState } from './webhookState';
import type { ErrorName, NodeData, RegistrationStep, Step } from './webhookSteps';

/*
 * Every hook observes, plans and applies: `observeWebhook.ts` collects facts, the pure functions of `webhookPlan.ts`
 * decide, and `apply` does what they decided.
 */

/**
 * Whether the events of the agent are already delivered here and can be verified, which n8n asks for every active
 * workflow when it starts. When a workflow is published, `register` checks.
 *
 * @throws NodeApiError when the service does not respond, unless all was well before
 * @throws WebhookPathTakenError when a parameter is not valid
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
  if (isTest(context)) return false;
  trackTrigger(context, webhookUrlOf(context));
  if (isRestart(context)) return await isStillRegistered(context);
  assertValidParameters(context);
  warnAboutWaiting(context);
  // `register` asks the service anyway.
  return false;
}

async function isStillRegistered(context: IHookFunctions): Promise<boolean> {
  const isPatient = needsRestore(await readState(context));
  const deadline = deadlineIn(isPatient ? HOOK_MS : START_MS);
  const hook = await openHook(context, deadline);
  const observation = await retryUntil(
    isPatient ? deadline : deadlineIn(0),
    async () => await observe(hook),
  ).catch((error: unknown) => {
    if (staysWithoutResponse(hook)) return undefined;
    throw error;
  });
  if (observation === undefined) return true;
  const plan = planRestart(await observeRestart(hook, observation));
  if (plan.action === 'keep') cancelRemoval(context);
  if (plan.action === 'stay') context.logger.warn(`${triggerName(context)}: ${plan.reason}`);
  return plan.action !== 'register';
}

/**
 * Registers the webhook: for an active workflow, or temporarily while the user listens for a test event.
 *
 * @returns true
 * @throws WebhookPathTakenError when the webhook is in use, n8n is not reachable, or a parameter is not valid
 * @throws NodeOperationError when there is no signing secret
 * @throws NodeApiError when a request fails
 */
export async function register(context: IHookFunctions): Promise<boolean> {
  if (!isRestart(context)) assertValidParameters(context);
  await assertReachable(context);
  const { agent } = await readState(context);
  const deadline = deadlineIn(HOOK_MS);
  // n8n sets up all triggers of a workflow at once, and each would find that the agent has no webhook yet.
  await serialize(agent, async () => {
    // After a long wait for the others, there is still time for each request, but not for a wait.
    const hook = await openHook(context, deadlineIn(remaining(deadline)));
    await apply(hook, planRegistration(await observeRegistration(hook)));
    if (!isTest(context)) cancelRemoval(context);
  });
  if (isTest(context)) requestTestLater(context);
  return true;
}

/** How long n8n may take until it accepts deliveries to the test URL. */
const LISTENING_MS = 1_000;

/** Asks for a test delivery when n8n listens, if the user wants one. A failure is logged. */
function requestTestLater(context: IHookFunctions): void {
  if (!registrationOptionsOf(context).requestTestDelivery) return;
  const request = async () => {
    await sleep(LISTENING_MS);
    const { agent } = await readState(context);
    await serialize(agent, async () => {
      const { client, state, ownUrl } = await openHook(context, deadlineIn(START_MS));
      // The request also sets the URL, which the end of the test has restored.
      if (isSame(state.temporaryUrl, ownUrl)) await requestTestDelivery(client, state.temporaryUrl);
    });
  };
  request().catch((error: unknown) => {
    context.logger.warn(`${triggerName(context)} got no test delivery: ${messageOf(error)}`);
  });
}

/**
 * Ends what `register` began: restores the webhook that a test used, deletes the webhook of this node, and leaves any
 * other alone. The webhook of an active workflow is deleted some seconds later; see `removeLater`.
 *
 * @returns whether all went well
 * @throws NodeApiError when the webhook of an active workflow could not be removed: n8n tries again. After a test,
 *   this retries for half a minute and does not throw, because n8n could not continue; the next start repairs it.
 */
export async function unregister(context: IHookFunctions): Promise<boolean> {
  untrackTrigger(context, webhookUrlOf(context));
  const isEndOfTest = typeof context.getWorkflowStaticData('node').restoreUrl === 'string';
  if (!isEndOfTest) return await endInTurn(context, deadlineIn(HOOK_MS));
  const deadline = deadlineIn(RESTORE_MS);
  try {
    return await retryUntil(deadline, async () => await endInTurn(context, deadline));
  } catch (error) {
    context.logger.error(
      `${triggerName(context)} could not restore the webhook after the test: ${messageOf(error)}`,
    );
    return false;
  }
}

/** Several triggers may end at once, and a test delivery that is requested sets the URL of its test. */
async function endInTurn(context: IHookFunctions, deadline: Deadline): Promise<true> {
  const { agent } = await readState(context);
  return await serialize(agent, async () => await end(context, deadline));
}

async function end(context: IHookFunctions, deadline: Deadline, isLater = false): Promise<true> {
  const hook = await openHook(context, deadline);
  await apply(hook, planEnd(await observeEnd(hook, isLater)));
  return true;
}

async function endUnlessRegistered(context: IHookFunctions): Promise<void> {
  if (hasRegisteredAgain(await readState(context), webhookUrlOf(context))) return;
  await end(context, deadlineIn(HOOK_MS), true);
}

async function readState(context: IHookFunctions): Promise<WebhookState> {
  return readWebhookState(await context.getCredentials(CREDENTIAL));
}

const REFUSALS = {
  unknownAgent,
  unknownReceiver,
  unknownSecret,
  webhookInUse,
} satisfies Record<ErrorName, unknown>;

/** Takes the steps of a plan in order, until one fails. */
async function apply(hook: Hook, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await applyStep(hook, step);
}

async function applyStep(hook: Hook, step: Step): Promise<void> {
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
      return removeLater(
        context,
        state.agent,
        ownUrl,
        async () => await endUnlessRegistered(context),
      );
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
  const secret = await setUrl(client, step).catch(async (error: unknown) => {
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
async function setUrl(
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
