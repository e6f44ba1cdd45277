/** The steps of which a plan consists. */
import type { VerificationMode } from '../parameters/options';
import type { RegistrationObservation } from './observation';
import { urlKeyOf } from '../webhook/urlKey';
import type { WebhookState } from '../webhook/webhookState';

/** What a node stores in its static data; undefined to delete. */
export interface NodeData {
  webhookUrl?: string | undefined;
  restoreUrl?: string | undefined;
}

/** The error that a registration is refused with: the name of a function in `errors.ts`. */
export type ErrorName = 'unknownAgent' | 'unknownReceiver' | 'unknownSecret' | 'webhookInUse';

/** Steps that set the URL of this node: `renew` also requests a new secret. They save the state with what came of it. */
export interface RegistrationStep {
  action: 'point' | 'renew';
  /** With the key of the state. */
  url: string;
  state: WebhookState;
  verification: VerificationMode;
}

/** One step of a plan. Steps are taken in order, until one fails. */
export type Step =
  /** Sets a URL as it is. */
  | { action: 'setUrl'; url: string }
  | RegistrationStep
  | { action: 'save'; state: WebhookState }
  | { action: 'delete' }
  /** Deletes the webhook some seconds from now, unless the node has registered again by then. */
  | { action: 'deleteLater' }
  | { action: 'store'; data: NodeData }
  /** Fails with an error about `subject`: a URL or the name of a node. */
  | { action: 'refuse'; reason: ErrorName; subject: string }
  | { action: 'fail'; error: unknown };

/** A step that sets a URL as it is. */
export const setUrl = (url: string): Step => ({ action: 'setUrl', url });

/** A step that saves a state with the credential. */
export const save = (state: WebhookState): Step => ({ action: 'save', state });

/** A step that fails with an error about `subject`. */
export function refusal(reason: ErrorName, subject = ''): Step {
  return { action: 'refuse', reason, subject };
}

/** A step that sets the URL of this node, with the key of the state. */
export function registerAs(
  action: RegistrationStep['action'],
  { verification }: RegistrationObservation,
  state: WebhookState,
  url: string,
): RegistrationStep {
  return { action, url, state, verification };
}

/** The steps that give the webhook back to the receiver that had it. */
export function restore(state: WebhookState, url: string): Step[] {
  // The key of a test means nothing to another receiver.
  const urlKey = urlKeyOf(url) === state.urlKey ? state.urlKey : '';
  return [setUrl(url), save({ ...state, urlKey, webhookUrl: url, temporaryUrl: '' })];
}
