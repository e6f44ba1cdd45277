import { PUBLIC_URL_HINT } from '../webhook/errors';
import type {
  EndObservation,
  Observation,
  RegistrationObservation,
  RestartObservation,
} from './observation';
import { includesUrl, isSame } from '../webhook/sameUrl';
import { isMovedReceiver, isSharable, otherReceivers, primaryUrlOf } from './sharedWebhook';
import {
  canVerify,
  chooseWebhook,
  isAbandoned,
  isMoved,
  knownUrlKey,
  restoreUrlOf,
} from './webhookChoice';
import { toShownUrl, urlKeyOf, withoutUrlKey, withUrlKey } from '../webhook/urlKey';
import { NO_WEBHOOK, type WebhookState } from '../webhook/webhookState';
import { refusal, registerAs, restore, save, setUrl, type Step } from './webhookSteps';

/** What `isRegistered` does: `keep` and `stay` leave the webhook alone, `register` has n8n call `register`. */
export type RestartPlan =
  | { action: 'keep' }
  | { action: 'stay'; reason: string }
  | { action: 'register' };

/** Whether the service is retried for longer when n8n starts: after a crash during a test, no event arrives here. */
export function needsRestore({ temporaryUrl }: WebhookState): boolean {
  return temporaryUrl !== '';
}

/**
 * Whether the workflow stays active when n8n starts and the service does not say where it delivers. Otherwise n8n
 * would deactivate the workflow, reject its deliveries, and not try again by itself (n8n 2.41.1).
 */
export function staysWithoutResponse({ state, ownUrl }: Pick<Observation, 'state' | 'ownUrl'>) {
  if (includesUrl(state.receivers, ownUrl)) return true;
  return isSame(state.webhookUrl, ownUrl) && (state.secret !== '' || state.urlKey !== '');
}

/**
 * Plans what `isRegistered` does when n8n starts. A webhook that this node registered under another URL may have
 * to stay as it is: n8n may have started without its public URL, or be a copy of an instance that is in use.
 */
export function planRestart(observation: RestartObservation): RestartPlan {
  const { ownUrl, state, registeredUrl, unreachableReason, isInUse } = observation;
  const choice = chooseWebhook(observation);
  const isReceiver = includesUrl(state.receivers, ownUrl) && isSharable(observation);
  if (isReceiver && choice !== 'point') return { action: 'keep' };
  // The state has no URL when n8n ended while the trigger was being published again.
  if (choice === 'keep' && isSame(state.webhookUrl, ownUrl)) return { action: 'keep' };
  if (!isMoved(observation) && !isMovedReceiver(observation)) return { action: 'register' };
  const delivered = `events are still delivered to ${toShownUrl(registeredUrl ?? '')}`;
  if (unreachableReason !== undefined) {
    const reason = `${delivered}, because ${ownUrl} ${unreachableReason}. ${PUBLIC_URL_HINT}`;
    return { action: 'stay', reason };
  }
  if (!isInUse) return { action: 'register' };
  const reason = `${delivered}, where an n8n instance accepts them. To receive them here, turn on "Replace Existing Webhook" in the options of this node and publish the workflow again.`;
  return { action: 'stay', reason };
}

/** Plans what `register` does. */
export function planRegistration(observation: RegistrationObservation): Step[] {
  return observation.isTest ? planListening(observation) : planActivation(observation);
}

/**
 * Plans the activation of a workflow. It never takes the webhook from another receiver without being asked to,
 * and keeps a known secret, so that no delivery is lost when n8n restarts.
 */
function planActivation(observation: RegistrationObservation): Step[] {
  const { registeredUrl = '', ownUrl, isInUse } = observation;
  const receivers = otherReceivers(observation);
  const stored: Step = { action: 'store', data: { webhookUrl: ownUrl } };
  const choice = chooseWebhook(observation);
  if (choice === 'join') {
    const primary = primaryUrlOf(observation) ?? '';
    const others = receivers.filter((each) => !isSame(each, primary));
    const joined = { webhookUrl: primary, temporaryUrl: '', receivers: [...others, ownUrl] };
    // As for a trigger that has the webhook itself, publishing ends a test.
    const url = restoreUrlOf(observation);
    return withAgent(observation, (known) => [
      ...(url === undefined ? [] : [setUrl(url)]),
      save({ ...known, ...joined }),
      stored,
    ]);
  }
  if (choice === 'refuse') {
    const url = restoreUrlOf(observation) ?? registeredUrl;
    // A webhook that a test left over goes back to its receiver first.
    const restoration = url === registeredUrl ? [] : restore(observation.state, url);
    return [...restoration, refusal('webhookInUse', url)];
  }
  if (isMoved(observation) && !observation.replace && isInUse) {
    return [refusal('webhookInUse', registeredUrl)];
  }
  return withAgent(observation, (known) => {
    const urlKey = chooseUrlKey(observation, choice);
    const url = withUrlKey(ownUrl, urlKey);
    const state = { ...known, urlKey, webhookUrl: url, temporaryUrl: '', receivers };
    return [
      choice === 'keep'
        ? save({ ...state, nextUrlKey: '' })
        : registerAs(choice, observation, state, url),
      stored,
    ];
  });
}

/** A new secret comes with a new key, if that is not registered already. Otherwise, a known key stays. */
function chooseUrlKey(observation: RegistrationObservation, choice: string): string {
  const { state, newUrlKey } = observation;
  const key = knownUrlKey(observation);
  const isNext = key === state.nextUrlKey;
  return key === '' || (choice === 'renew' && !isNext) ? newUrlKey : key;
}

/**
 * Plans what listening for a test event does, and which URL is restored afterwards. The secret is only renewed where
 * no receiver depends on it.
 */
function planListening(observation: RegistrationObservation): Step[] {
  const { registeredUrl, ownUrl, state, replace, verification } = observation;
  const temporary = restoreUrlOf(observation);
  const hasWebhook = isSame(registeredUrl, ownUrl);
  const isUnused = hasWebhook || isAbandoned(observation);
  const restoreUrl = temporary ?? (isUnused ? '' : (registeredUrl ?? ''));
  const isKnown = temporary !== undefined || isSame(registeredUrl, state.webhookUrl);
  const isVerifiable = canVerify(observation) && isKnown;
  const isFree = registeredUrl === undefined || (isUnused && !isVerifiable);
  if (!isFree && !isVerifiable) {
    const needsSecret = verification === 'signature';
    if (!replace && !(isKnown && needsSecret)) return [refusal('unknownReceiver', registeredUrl)];
    if (needsSecret) return [refusal('unknownSecret', registeredUrl)];
  }
  return withAgent(observation, (known) => {
    const isStored = restoreUrl === state.webhookUrl || isSame(restoreUrl, state.webhookUrl);
    // The receiver and the test have the same key, and neither has one where the service does not keep it.
    const keepsKey = isStored && isVerifiable;
    const urlKey = keepsKey ? knownUrlKey(observation) : observation.newUrlKey;
    const url = withUrlKey(ownUrl, urlKey);
    const kept = isStored ? known : { ...known, ...NO_WEBHOOK };
    const next = { ...kept, urlKey, webhookUrl: restoreUrl, temporaryUrl: url };
    const step = registerAs(isFree ? 'renew' : 'point', observation, next, url);
    return [
      { action: 'store', data: { restoreUrl: withoutUrlKey(restoreUrl) } },
      // Saved first: should n8n crash before the URL is set, the next start knows where the webhook belongs.
      ...(isFree ? [] : [save(next)]),
      ...(!isFree && hasWebhook && urlKeyOf(registeredUrl) === urlKey ? [] : [step]),
    ];
  });
}

/** Continues a plan with the state of a known agent: who it is must be known to ignore its own actions. */
function withAgent(
  { agent, state, ignoreOwnActions }: RegistrationObservation,
  plan: (known: WebhookState) => Step[],
): Step[] {
  if ('error' in agent) return [{ action: 'fail', error: agent.error }];
  const isUnknown = agent.id === '' && agent.handle === '';
  return isUnknown && ignoreOwnActions ? [refusal('unknownAgent')] : plan({ ...state, ...agent });
}

/** Whether a node has registered again since its webhook was to be deleted later. */
export function hasRegisteredAgain(state: WebhookState, ownUrl: string): boolean {
  return isSame(state.webhookUrl, ownUrl);
}

/** Plans the end of a registration, for a test and for an active workflow alike. */
export function planEnd(observation: EndObservation): Step[] {
  const { registeredUrl, ownUrl, state, isLater } = observation;
  const forget: Step = { action: 'store', data: { webhookUrl: undefined, restoreUrl: undefined } };
  const isActive = isSame(state.webhookUrl, ownUrl);
  const others = otherReceivers(observation);
  // The webhook was handed over if one of them has it, but the state could not be saved.
  const wasHandedOver = includesUrl(others, registeredUrl);
  const taken = others.find((url) => isSame(url, registeredUrl));
  const nextUrl = taken ?? observation.nextReceiver ?? '';
  const next = nextUrl === '' ? '' : withUrlKey(nextUrl, state.urlKey);
  const rest = others.filter((url) => url !== nextUrl);
  // While n8n publishes a changed trigger again, the others go on passing deliveries on to it.
  const receivers = isLater || next === '' ? rest : [...rest, ownUrl];
  const handedOver = { ...state, webhookUrl: next, receivers };
  const leaveLater: Step[] = isLater || next === '' ? [] : [{ action: 'deleteLater' }];
  if (isSame(registeredUrl, ownUrl)) {
    const restoreUrl = restoreUrlOf(observation) ?? observation.restoreUrl;
    if (restoreUrl) return [...restore(state, restoreUrl), forget];
    // The next trigger has it from now on.
    if (isActive && next !== '') return [setUrl(next), save(handedOver), ...leaveLater, forget];
    // Until it is deleted, the next trigger that registers may have it.
    const released = { ...state, webhookUrl: '', temporaryUrl: ownUrl };
    if (isActive) return [save(released), { action: 'deleteLater' }, forget];
    // Saved first: no secret outlives its webhook, whatever happens in between.
    const deleted = { ...state, ...NO_WEBHOOK };
    return [save(deleted), { action: 'delete' }, forget];
  }
  // A test has the webhook now, and must not restore the URL of this workflow.
  const isTested = restoreUrlOf(observation) !== undefined;
  if (isActive && (isTested || wasHandedOver)) return [save(handedOver), ...leaveLater, forget];
  if (others.length < state.receivers.length) {
    const left: Step = isLater ? save({ ...state, receivers: others }) : { action: 'deleteLater' };
    return [left, forget];
  }
  // n8n also calls this after a failed activation, and then tries again: the stored URL is still needed.
  return [isMoved(observation) ? { action: 'store', data: { restoreUrl: undefined } } : forget];
}
