import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { CREDENTIAL, type CredentialClient, openClient } from '../../transport/client';
import type { Deadline } from '../../../../credentials/http/deadline';
import {
  isRestart,
  isTest,
  registrationOptionsOf,
  webhookUnreachableReason,
  webhookUrlOf,
} from './activation';
import { clientSettingsFor } from './hookDeadline';
import { isMovedReceiver, isSharable, otherReceivers, primaryUrlOf } from './sharedWebhook';
import { workflowAt } from './trackedTriggers';
import { readAgent, readWebhookUrl } from '../webhook/webhookApi';
import type {
  ActivationObservation,
  EndObservation,
  Observation,
  RegistrationObservation,
  RestartObservation,
} from './observation';
import { isBeingRemoved } from './removeLater';
import { isSame } from '../webhook/sameUrl';
import { dependsOnUse, isMoved } from './webhookChoice';
import { createUrlKey } from '../webhook/urlKey';
import { isInUse } from './webhookProbe';
import { readWebhookState, type WebhookState } from '../webhook/webhookState';

/** What a hook works with. */
export interface Hook {
  context: IHookFunctions;
  client: CredentialClient;
  /** The state when the hook began. */
  state: WebhookState;
  ownUrl: string;
  /**
   * The static data of the node: `{ webhookUrl }` of an active workflow; `{ testKey, isSample, restoreUrl }` of a test,
   * which starts with none and gets back in `delete` what `create` stored (n8n 2.41.1).
   */
  data: IDataObject;
}

/**
 * Opens what a hook works with.
 *
 * @param deadline when the last wait of all its requests ends
 * @throws NodeOperationError when the credential cannot be read
 */
export async function openHook(context: IHookFunctions, deadline: Deadline): Promise<Hook> {
  return {
    context,
    client: await openClient(context, clientSettingsFor(deadline)),
    state: readWebhookState(await context.getCredentials(CREDENTIAL)),
    ownUrl: webhookUrlOf(context),
    data: context.getWorkflowStaticData('node'),
  };
}

/** Observes what every hook plans with. @throws NodeApiError when the service does not say where it delivers */
export async function observe({ client, state, ownUrl, data }: Hook): Promise<Observation> {
  const storedUrl = textIn(data, 'webhookUrl');
  const expected = [ownUrl, storedUrl, textIn(data, 'restoreUrl')];
  return { registeredUrl: await readWebhookUrl(client, expected), ownUrl, state, storedUrl };
}

/** Completes an observation for `isRegistered` when n8n starts. */
export async function observeRestart(
  hook: Hook,
  observation: Observation,
): Promise<RestartObservation> {
  const { context } = hook;
  const hasMoved = isMoved(observation) || isMovedReceiver(observation);
  const unreachableReason = hasMoved ? await webhookUnreachableReason(context) : undefined;
  const canBeInUse = (hasMoved && unreachableReason === undefined) || isSharable(observation);
  return {
    ...observation,
    ...activationOf(hook, observation),
    unreachableReason,
    isInUse: canBeInUse && (await isInUse(context, primaryUrlOf(observation) ?? '')),
  };
}

/**
 * Observes what `register` plans with.
 *
 * @throws NodeApiError when the service does not say where it delivers
 * @throws ParameterError when an option is not valid
 */
export async function observeRegistration(hook: Hook): Promise<RegistrationObservation> {
  const { context, client } = hook;
  const [observation, agent] = await Promise.all([observe(hook), observeAgent(client)]);
  const { ignoreOwnActions } = registrationOptionsOf(context);
  const known = {
    ...observation,
    ...activationOf(hook, observation),
    isTest: isTest(context),
    agent,
    ignoreOwnActions,
    newUrlKey: createUrlKey(),
  };
  const url = primaryUrlOf(observation) ?? '';
  return { ...known, isInUse: dependsOnUse(known) && (await isInUse(context, url)) };
}

/**
 * Observes what `unregister` plans with.
 *
 * @param isLater whether the node has not registered again for some seconds
 * @throws NodeApiError when the service does not say where it delivers
 */
export async function observeEnd(hook: Hook, isLater: boolean): Promise<EndObservation> {
  const observation = await observe(hook);
  const restoreUrl = textIn(hook.data, 'restoreUrl');
  const handsOver = isSame(hook.state.webhookUrl, hook.ownUrl);
  const nextReceiver = handsOver ? await findNext(hook, otherReceivers(observation)) : undefined;
  return { ...observation, restoreUrl, isLater, nextReceiver };
}

/**
 * Finds the receiver to hand the webhook over to. A workflow may be ending as well, or have gone without n8n's hooks; if
 * none responds, n8n may not reach itself at the moment.
 */
async function findNext(
  { context, state }: Hook,
  urls: readonly string[],
): Promise<string | undefined> {
  const staying = urls.filter((url) => !isBeingRemoved(state.agent, url));
  for (const url of staying) if (await isInUse(context, url)) return url;
  return staying[0];
}

/** Who the agent is only matters where the registration is not refused for another reason. */
async function observeAgent(client: CredentialClient): Promise<RegistrationObservation['agent']> {
  try {
    return await readAgent(client);
  } catch (error) {
    return { error };
  }
}

function activationOf(
  { context, state }: Hook,
  observation: Observation,
): Omit<ActivationObservation, keyof Observation | 'isInUse'> {
  const { replaceExistingWebhook, rotateSecret, verification } = registrationOptionsOf(context);
  return {
    webhookId: context.getNode().webhookId,
    replace: replaceExistingWebhook,
    rotate: rotateSecret,
    verification,
    isRestart: isRestart(context),
    isUpdate: context.getActivationMode() === 'update',
    isEnding: isBeingRemoved(state.agent, observation.registeredUrl ?? ''),
    owner: workflowAt(primaryUrlOf(observation)),
  };
}

function textIn(data: IDataObject, key: string): string | undefined {
  const value = data[key];
  return typeof value === 'string' ? value : undefined;
}
