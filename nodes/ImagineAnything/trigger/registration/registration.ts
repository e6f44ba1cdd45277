import type { IHookFunctions } from 'n8n-workflow';
import { CREDENTIAL } from '../../transport/client';
import { deliverSample } from '../delivery/sampleEvent';
import { beginTest, endTest, LISTENING_MS } from '../delivery/testListener';
import { type Deadline, deadlineIn, remaining } from '../../../../credentials/http/deadline';
import { sleep } from '../../../../credentials/http/sleep';
import {
  assertValidParameters,
  assertReachable,
  isRestart,
  isTest,
  registrationOptionsOf,
  sampleEventOf,
  warnAboutWaiting,
  webhookUrlOf,
} from './activation';
import { applySteps } from './applySteps';
import { HOOK_MS, RESTORE_MS, retryUntil, START_MS } from './hookDeadline';
import { triggerName } from '../nodeIdentity';
import {
  type Hook,
  observe,
  observeEnd,
  observeRegistration,
  observeRestart,
  openHook,
} from './observeWebhook';
import { cancelRemoval } from './removeLater';
import { serialize } from '../serialize';
import { messageOf } from '../text';
import { trackTrigger, untrackTrigger } from './trackedTriggers';
import type { EventType } from '../events/samples';
import { sampleNotDelivered } from '../webhook/errors';
import { isSame } from '../webhook/sameUrl';
import { requestTestDelivery } from '../webhook/webhookApi';
import { readWebhookState, type WebhookState } from '../webhook/webhookState';
import {
  hasRegisteredAgain,
  needsRestore,
  planEnd,
  planRegistration,
  planRestart,
  staysWithoutResponse,
} from './webhookPlan';
import { isInUse } from './webhookProbe';
import type { Step } from './webhookSteps';

/*
 * Every hook observes, plans and applies: `observeWebhook.ts` collects facts, the pure functions of `webhookPlan.ts`
 * decide, and `applySteps.ts` does what they decided.
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
 * Registers the webhook: for an active workflow, or temporarily while the user listens for a test event. Who listens for
 * a sample gets it without a registration.
 *
 * @returns true
 * @throws WebhookPathTakenError when the webhook is in use, n8n is not reachable, or a parameter is not valid
 * @throws NodeOperationError when there is no signing secret, or a sample cannot be delivered
 * @throws NodeApiError when a request fails
 */
export async function register(context: IHookFunctions): Promise<boolean> {
  if (!isRestart(context)) assertValidParameters(context);
  if (isTest(context)) {
    beginTest(context);
    const sampleEvent = sampleEventOf(context);
    context.getWorkflowStaticData('node').isSample = sampleEvent !== undefined;
    if (sampleEvent !== undefined) return await showSample(context, sampleEvent);
  }
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

/** @throws NodeOperationError when n8n cannot deliver to itself */
async function showSample(context: IHookFunctions, sampleEvent: EventType): Promise<true> {
  const url = webhookUrlOf(context);
  // n8n accepts deliveries to the test URL by now (n8n 2.41.1, `TestWebhooks.needsWebhook`).
  if (!(await isInUse(context, url))) throw sampleNotDelivered(context.getNode(), url);
  deliverSample(context, url, sampleEvent);
  return true;
}

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
  const data = context.getWorkflowStaticData('node');
  const isSample = data.isSample === true;
  const isEndOfTest = isSample || typeof data.restoreUrl === 'string';
  if (isEndOfTest) endTest(context);
  // A sample registers nothing, but a test that it has replaced may have.
  if (isSample && !(await hasBorrowed(context))) return true;
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

/** Whether the test URL has the webhook. Without a credential that can be read, it has not. */
async function hasBorrowed(context: IHookFunctions): Promise<boolean> {
  const state = await readState(context).catch(() => undefined);
  return isSame(state?.temporaryUrl, webhookUrlOf(context));
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

async function apply(hook: Hook, steps: readonly Step[]): Promise<void> {
  await applySteps(hook, steps, async () => await endUnlessRegistered(hook.context));
}
