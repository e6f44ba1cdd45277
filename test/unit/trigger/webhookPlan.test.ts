/** Every rule about the agent's one webhook: what publishing does with what it observed. */
import type { WebhookState } from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import type { RegistrationObservation } from '../../../nodes/ImagineAnything/trigger/registration/observation';
import { isSame, isSameNode } from '../../../nodes/ImagineAnything/trigger/webhook/sameUrl';
import {
  dependsOnUse,
  isMoved,
} from '../../../nodes/ImagineAnything/trigger/registration/webhookChoice';
import { planRegistration } from '../../../nodes/ImagineAnything/trigger/registration/webhookPlan';
import {
  ID,
  OWN,
  TEST,
  OTHER,
  OTHER_TEST,
  FOREIGN,
  OLD,
  KEY,
  NEW_KEY,
  keyed,
  agent,
  empty,
  registered,
  observed,
  type Change,
  refuse,
  inUse,
} from './observations';

describe('When a workflow becomes active', () => {
  const plan = (change: Change<RegistrationObservation>) =>
    planRegistration({ ...observed, ...change });
  /** The steps that end with this node as the receiver, whose state has what the service says about the agent. */
  const steps = ({ state = empty }: { state?: WebhookState } = {}) => {
    const store = { action: 'store', data: { webhookUrl: OWN } };
    const next = (urlKey: string) => {
      const url = keyed(OWN, urlKey);
      return { ...state, ...agent, urlKey, webhookUrl: url, temporaryUrl: '' };
    };
    const step = (action: string, key: string) => ({
      ...{ action, url: keyed(OWN, key), state: next(key), verification: 'automatic' },
    });
    return {
      keep: [{ action: 'save', state: next(state.urlKey) }, store],
      point: [step('point', state.urlKey || NEW_KEY), store],
      renew: [step('renew', NEW_KEY), store],
    };
  };

  test('a webhook is registered with a new secret where there is none', () => {
    expect(plan({})).toEqual(steps().renew);
    expect(plan({ state: registered, isRestart: true })).toEqual(
      steps({ state: registered }).renew,
    );
    expect(plan({ verification: 'signature' })[0]).toMatchObject({ verification: 'signature' });
  });

  test('its own webhook is kept when the secret is known', () => {
    const { keep } = steps({ state: registered });
    const own = { registeredUrl: keyed(OWN), state: registered };
    expect(plan(own)).toEqual(keep);
    expect(plan({ ...own, isRestart: true })).toEqual(keep);
  });

  test('a new secret is requested when it is not known, or with Rotate Secret', () => {
    const own = { registeredUrl: keyed(OWN), state: registered };
    expect(plan({ registeredUrl: keyed(OWN) })).toEqual(steps().renew);
    const unsigned = { ...own, state: { ...registered, secret: '' } };
    expect(plan(unsigned)).toEqual(steps(unsigned).keep);
    expect(plan({ ...unsigned, verification: 'address' })).toEqual(steps(unsigned).keep);
    expect(plan({ ...unsigned, verification: 'signature' })[0]).toMatchObject({ action: 'renew' });
    expect(plan({ ...own, rotate: true })).toEqual(steps(own).renew);
    expect(plan({ ...own, rotate: true, isRestart: true })).toEqual(steps(own).keep);
  });

  test('a new secret is requested again where the last one was not saved, with the key that is registered', () => {
    const state = { ...registered, secret: '', signatureForm: '', nextUrlKey: NEW_KEY };
    const change = { registeredUrl: keyed(OWN, NEW_KEY), state, isRestart: true };
    const [step] = plan({ ...change, newUrlKey: 'x'.repeat(32) });
    expect(step).toMatchObject({ action: 'renew', url: keyed(OWN, NEW_KEY) });
    const [other] = plan({ ...change, registeredUrl: keyed(OWN), newUrlKey: 'x'.repeat(32) });
    expect(other).toMatchObject({ action: 'renew', url: keyed(OWN, 'x'.repeat(32)) });
  });

  test('the webhook of another receiver is refused with its URL', () => {
    expect(plan({ registeredUrl: FOREIGN })).toEqual([inUse(FOREIGN)]);
    expect(plan({ registeredUrl: FOREIGN, state: registered })).toEqual([inUse(FOREIGN)]);
  });

  test('Replace Existing Webhook replaces it, but not when n8n starts', () => {
    const foreign = { registeredUrl: FOREIGN, replace: true };
    expect(plan(foreign)).toEqual(steps().renew);
    expect(plan({ ...foreign, isRestart: true })).toEqual([inUse(FOREIGN)]);
  });

  test('the webhook follows a changed URL of n8n, unless the old URL is in use', () => {
    const state = { ...registered, webhookUrl: OLD };
    expect(plan({ registeredUrl: OLD, state })).toEqual([inUse(OLD)]);
    const moved = { registeredUrl: OLD, state, storedUrl: OLD };
    expect(plan(moved)).toEqual(steps({ state }).point);
    expect(plan({ ...moved, isInUse: true })).toEqual([inUse(OLD)]);
    expect(plan({ ...moved, isInUse: true, isRestart: true })).toEqual([inUse(OLD)]);
    expect(plan({ ...moved, isInUse: true, replace: true })).toEqual(steps({ state }).point);
  });

  test('a webhook of the version before, whose URL has no key, gets one and keeps its secret', () => {
    const state = { ...registered, signatureForm: '', urlKey: '', webhookUrl: OWN };
    const before = { registeredUrl: OWN, state };
    expect(plan({ ...before, isRestart: true })).toEqual(steps(before).point);
    expect(plan(before)).toEqual(steps(before).point);
  });

  test('the key that the service has counts, if it was given one of ours', () => {
    const state = { ...registered, nextUrlKey: NEW_KEY };
    const [step] = plan({ registeredUrl: keyed(OWN, NEW_KEY), state, newUrlKey: 'x'.repeat(32) });
    expect(step).toMatchObject({ action: 'point', url: keyed(OWN, NEW_KEY) });
    const unknown = { registeredUrl: keyed(OWN, 'x'.repeat(32)), state: registered };
    expect(plan(unknown)).toEqual(steps(unknown).point);
    const announced = { registeredUrl: keyed(OWN), state };
    expect(plan(announced)[0]).toEqual({
      action: 'save',
      state: { ...registered, nextUrlKey: '' },
    });
  });

  test('another form of the same URL is the same', () => {
    const registeredUrl = keyed(OWN).replace('https://n8n.example', 'https://N8N.example:443');
    const own = { registeredUrl, state: registered };
    expect(plan(own)).toEqual(steps(own).keep);
    expect(plan({ ...own, storedUrl: OWN, isInUse: true })).toEqual(steps(own).keep);
  });

  test('what a test of this node has is taken back, whether it listens or was left over', () => {
    const test = {
      registeredUrl: keyed(TEST),
      state: { ...registered, temporaryUrl: keyed(TEST) },
    };
    expect(plan({ ...test, isRestart: true })).toEqual(steps(test).point);
    expect(plan(test)).toEqual(steps(test).point);
    expect(plan({ registeredUrl: keyed(TEST) })).toEqual(steps().renew);
  });

  test('what the test of another workflow took from this one is taken back', () => {
    const test = { registeredUrl: OTHER_TEST, state: { ...registered, temporaryUrl: OTHER_TEST } };
    expect(plan({ ...test, isRestart: true })).toEqual(steps(test).point);
  });

  test('a test that has no URL to restore loses the webhook', () => {
    const test = {
      registeredUrl: OTHER_TEST,
      state: { ...registered, webhookUrl: '', temporaryUrl: OTHER_TEST },
    };
    expect(plan(test)).toEqual(steps(test).renew);
    expect(plan({ ...test, isRestart: true })).toEqual(steps(test).point);
  });

  test('the webhook of a workflow that was unpublished just now is taken over with a new secret, whichever credential of the agent knows it', () => {
    const ending = { registeredUrl: OTHER, isEnding: true };
    expect(plan(ending)).toEqual(steps().renew);
    // A secret that this credential remembers from before is not that of the webhook.
    const stale = { ...ending, state: { ...registered, webhookUrl: '' } };
    expect(plan(stale)).toEqual(steps(stale).renew);
    expect(plan({ registeredUrl: OTHER })).toEqual([inUse(OTHER)]);
  });

  test('a changed trigger keeps what it had, and one that was unpublished gets a new secret', () => {
    const ended = {
      registeredUrl: keyed(OWN),
      state: { ...registered, webhookUrl: '', temporaryUrl: keyed(OWN) },
    };
    const { keep, renew } = steps(ended);
    expect(plan({ ...ended, isUpdate: true })).toEqual(keep);
    expect(plan({ ...ended, isUpdate: true, rotate: true })).toEqual(renew);
    expect(plan({ ...ended, isRestart: true })).toEqual(keep);
    expect(plan(ended)).toEqual(renew);
  });

  test('what a test took from another receiver is restored before it is refused', () => {
    const state = { ...empty, urlKey: KEY, webhookUrl: FOREIGN, temporaryUrl: keyed(TEST) };
    expect(plan({ registeredUrl: keyed(TEST), state })).toEqual([
      { action: 'setUrl', url: FOREIGN },
      { action: 'save', state: { ...state, urlKey: '', temporaryUrl: '' } },
      inUse(FOREIGN),
    ]);
  });

  test.each([false, true])('nothing changes while the agent is not known (test: %p)', (isTest) => {
    const error = new Error('HTTP 403');
    expect(plan({ isTest, agent: { error } })).toEqual([{ action: 'fail', error }]);
    const unknown = { isTest, agent: { id: '', handle: '' } };
    expect(plan(unknown)).toEqual([refuse('unknownAgent', '')]);
    expect(plan({ ...unknown, ignoreOwnActions: false })).not.toContainEqual(
      refuse('unknownAgent', ''),
    );
    expect(plan({ isTest, agent: { id: '', handle: 'ada_bot' } })).not.toContainEqual(
      refuse('unknownAgent', ''),
    );
  });

  test('another refusal comes before that of an unknown agent', () => {
    const unknown = { agent: { error: new Error('HTTP 403') } };
    expect(plan({ ...unknown, registeredUrl: FOREIGN })).toEqual([inUse(FOREIGN)]);
    const test = { ...unknown, isTest: true };
    expect(plan({ ...test, registeredUrl: FOREIGN })).toEqual([refuse('unknownReceiver', FOREIGN)]);
  });

  test('whether the registered URL is in use only matters after a move that nobody asked for', () => {
    const moved = { ...observed, registeredUrl: OLD, storedUrl: OLD };
    expect(dependsOnUse(moved)).toBe(true);
    expect(dependsOnUse({ ...moved, replace: true })).toBe(false);
    expect(dependsOnUse({ ...moved, isTest: true })).toBe(false);
    expect(dependsOnUse({ ...moved, storedUrl: undefined })).toBe(false);
    expect(isMoved({ ...moved, registeredUrl: keyed(OWN), storedUrl: OWN })).toBe(false);
    expect(isMoved({ ...moved, registeredUrl: undefined })).toBe(false);
  });
});

test('The two URLs of a node are recognized by its ID, in one n8n instance only', () => {
  expect(isSameNode(TEST, OWN, ID)).toBe(true);
  expect(isSameNode(OTHER_TEST, OWN, ID)).toBe(false);
  expect(isSameNode(TEST.replace('n8n.', 'staging.'), OWN, ID)).toBe(false);
  expect(isSameNode(TEST, OWN, undefined)).toBe(false);
  expect(isSameNode('', OWN, ID)).toBe(false);
});

test('What is not a URL is the same as nothing', () => {
  for (const text of ['', 'elsewhere', undefined]) {
    expect(isSame(text, text)).toBe(false);
    expect(isSame(text, 'https://n8n.example/a')).toBe(false);
  }
  expect(isSame('HTTPS://N8N.example:443/a', 'https://n8n.example/a')).toBe(true);
  expect(isSame(keyed(OWN), keyed(OWN, NEW_KEY))).toBe(true);
  expect(isSame(`${OWN}?a=1`, OWN)).toBe(false);
});
