/**
 * How the triggers of an agent in one n8n instance share its one webhook. The service delivers to one of them, which
 * passes each delivery on to the receivers, the others. The state that all of them read with the credential lists them.
 */
import { includesUrl, isSame } from '../webhook/sameUrl';
import { urlKeyOf } from '../webhook/urlKey';
import type { Observation } from './observation';

/** The receivers without a trigger, under its URL of now and the one under which it registered. */
export function otherReceivers({ state, ownUrl, storedUrl }: Observation): string[] {
  return state.receivers.filter((url) => !isSame(url, ownUrl) && !isSame(url, storedUrl));
}

/**
 * The URL of the trigger that has the webhook, or gets it back after a test.
 *
 * @returns undefined or the empty string for none
 */
export function primaryUrlOf({ registeredUrl, state }: Observation): string | undefined {
  return isSame(registeredUrl, state.temporaryUrl) ? state.webhookUrl : registeredUrl;
}

/**
 * Whether another trigger of this n8n instance has the webhook and can pass deliveries on to this one. An instance that
 * is a copy of another one has its credential, but another origin.
 */
export function isSharable(observation: Observation): boolean {
  const { ownUrl, storedUrl, state } = observation;
  const url = primaryUrlOf(observation);
  const isOurs = state.secret !== '' || (state.urlKey !== '' && urlKeyOf(url) === state.urlKey);
  // It was handed over to a receiver, but n8n ended before the state was saved.
  const isKnown = isSame(url, state.webhookUrl) || includesUrl(state.receivers, url);
  if (!isOurs || !isKnown || isSame(url, ownUrl)) return false;
  // The instance has moved, and the other trigger has not yet.
  const hasMoved = includesUrl(state.receivers, storedUrl) && isSameOrigin(url, storedUrl);
  return hasMoved || isSameOrigin(url, ownUrl);
}

/** Whether this receiver has moved, and the trigger that has the webhook has not, or not yet. */
export function isMovedReceiver(observation: Observation): boolean {
  return isSharable(observation) && !isSameOrigin(primaryUrlOf(observation), observation.ownUrl);
}

function isSameOrigin(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !URL.canParse(a) || !URL.canParse(b)) return false;
  return new URL(a).origin === new URL(b).origin;
}
