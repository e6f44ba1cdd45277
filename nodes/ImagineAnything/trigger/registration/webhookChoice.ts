/** What follows from an observation: whose webhook it is, and what becomes of it when a workflow becomes active. */
import type { ActivationObservation, Observation, RegistrationObservation } from './observation';
import { isSame, isSameNode } from '../webhook/sameUrl';
import { isSharable } from './sharedWebhook';
import { urlKeyOf } from '../webhook/urlKey';

/** Whether the webhook still has the URL under which this node registered it before its own URL changed. */
export function isMoved({ registeredUrl, ownUrl, storedUrl }: Observation): boolean {
  return isSame(registeredUrl, storedUrl) && !isSame(registeredUrl, ownUrl);
}

/** Whether a registration depends on whether the registered URL is in use, which takes a request to find out. */
export function dependsOnUse(
  observation: Omit<RegistrationObservation, 'isInUse' | 'owner'>,
): boolean {
  if (observation.isTest) return false;
  return (isMoved(observation) && !observation.replace) || isSharable(observation);
}

/**
 * Chooses what becomes of the webhook when a workflow becomes active:
 * - `keep`: nothing changes
 * - `point`: set the URL with its key and keep the secret
 * - `renew`: set the URL with a new key and request a new secret
 * - `join`: another trigger of this n8n instance has it, and passes deliveries on
 * - `refuse`: it belongs to another receiver
 */
export function chooseWebhook(
  observation: ActivationObservation,
): 'keep' | 'point' | 'renew' | 'join' | 'refuse' {
  const { registeredUrl, ownUrl, state, replace, rotate, isRestart, isUpdate } = observation;
  if (registeredUrl === undefined) return 'renew';
  if (!isOwn(observation)) {
    if (isSharable(observation)) {
      if (observation.isInUse) return 'join';
      // Nobody is there any more, or n8n cannot reach itself.
      if (observation.owner === undefined) return 'point';
      // The proxy in front of n8n may start after it. A refusal would have n8n deactivate the workflow.
      return isRestart ? 'join' : 'refuse';
    }
    // n8n starts its workflows in any order: the one that has the webhook keeps it.
    return replace && !isRestart ? 'renew' : 'refuse';
  }
  // A workflow that is unpublished and published gets a new secret: the stored one may have become wrong.
  const isFresh = restoreUrlOf(observation) === '' && !isUpdate;
  // The service may have a new secret that was not saved.
  const isInterrupted = state.secret === '' && state.nextUrlKey !== '';
  if (isAbandoned(observation) || isInterrupted) return 'renew';
  if (!canVerify(observation) || (!isRestart && (rotate || isFresh))) return 'renew';
  const hasKey = state.urlKey !== '' && urlKeyOf(registeredUrl) === state.urlKey;
  return isSame(registeredUrl, ownUrl) && hasKey ? 'keep' : 'point';
}

/** Whether deliveries of the webhook can be verified with what is stored. */
export function canVerify({ state, verification }: ActivationObservation): boolean {
  return state.secret !== '' || (state.urlKey !== '' && verification !== 'signature');
}

/** Whether the webhook belongs to this node, is used by a test for it, or belongs to no active workflow. */
function isOwn(observation: ActivationObservation): boolean {
  const { registeredUrl = '', ownUrl, storedUrl, webhookId } = observation;
  if (isSame(registeredUrl, ownUrl) || isSame(registeredUrl, storedUrl)) return true;
  if (isAbandoned(observation)) return true;
  const restoreUrl = restoreUrlOf(observation);
  if (restoreUrl === undefined) return isSameNode(registeredUrl, ownUrl, webhookId);
  return restoreUrl === '' || isSame(restoreUrl, ownUrl) || isSame(restoreUrl, storedUrl);
}

/** Whether a workflow with another credential of the agent is about to lose the webhook. */
export function isAbandoned(observation: ActivationObservation): boolean {
  const { isEnding, registeredUrl, state } = observation;
  const isKnown =
    isSame(registeredUrl, state.webhookUrl) || isSame(registeredUrl, state.temporaryUrl);
  return isEnding && !isKnown;
}

/**
 * The URL to restore when the webhook is used temporarily: by a test, or by a workflow that is about to lose it.
 *
 * @returns the empty string for none; undefined when the webhook is not used temporarily
 */
export function restoreUrlOf({ registeredUrl, state }: Observation): string | undefined {
  return isSame(registeredUrl, state.temporaryUrl) ? state.webhookUrl : undefined;
}

/** The registered key if it is known, otherwise the one of the state. */
export function knownUrlKey({ registeredUrl, state }: Observation): string {
  const registered = urlKeyOf(registeredUrl);
  return registered !== '' && registered === state.nextUrlKey ? registered : state.urlKey;
}
