/** Every rule about triggers of one n8n instance that share the agent's webhook. */
import type { EndObservation } from '../../../nodes/ImagineAnything/trigger/registration/observation';
import { dependsOnUse } from '../../../nodes/ImagineAnything/trigger/registration/webhookChoice';
import {
  planEnd,
  planRegistration,
  planRestart,
  staysWithoutResponse,
} from '../../../nodes/ImagineAnything/trigger/registration/webhookPlan';
import {
  agent,
  FOREIGN,
  inUse,
  keyed,
  NEW_KEY,
  observed,
  OLD,
  OTHER,
  OTHER_TEST,
  OWN,
  registered,
} from './observations';

const THIRD = 'https://n8n.example/webhook/third/webhook';

/** The state while another trigger has the webhook, and what that trigger's n8n observes for this one. */
const primary = { ...registered, webhookUrl: keyed(OTHER) };
const shared = { ...observed, registeredUrl: keyed(OTHER), state: primary, isInUse: true };
const joined = { ...primary, receivers: [OWN] };
const store = { action: 'store', data: { webhookUrl: OWN } };

describe('a second trigger with the same credential', () => {
  it('joins the first, whether or not it may replace a webhook', () => {
    const steps = [{ action: 'save', state: { ...joined, ...agent } }, store];
    expect(dependsOnUse(shared)).toBe(true);
    expect(planRegistration(shared)).toEqual(steps);
    expect(planRegistration({ ...shared, replace: true })).toEqual(steps);
    expect(planRegistration({ ...shared, state: { ...primary, receivers: [THIRD] } })[0]).toEqual({
      action: 'save',
      state: { ...joined, receivers: [THIRD, OWN] },
    });
  });

  it('is a receiver once, and under its new URL after a move', () => {
    const [save] = planRegistration({ ...shared, state: joined });
    expect(save).toMatchObject({ state: { receivers: [OWN] } });
    const moved = { ...shared, storedUrl: OLD, state: { ...primary, receivers: [OLD, THIRD] } };
    expect(planRegistration(moved)[0]).toMatchObject({ state: { receivers: [THIRD, OWN] } });
  });

  it('joins while a test has the webhook, and ends the test', () => {
    const state = { ...primary, temporaryUrl: keyed(OTHER_TEST) };
    const tested = { ...shared, registeredUrl: keyed(OTHER_TEST), state };
    expect(planRegistration(tested)).toEqual([
      { action: 'setUrl', url: keyed(OTHER) },
      { action: 'save', state: joined },
      store,
    ]);
  });

  it('joins the one that the webhook was handed over to before n8n ended', () => {
    const state = { ...registered, webhookUrl: keyed(OLD), receivers: [OTHER, THIRD] };
    expect(planRegistration({ ...shared, state })[0]).toMatchObject({
      action: 'save',
      state: { webhookUrl: keyed(OTHER), receivers: [THIRD, OWN] },
    });
  });

  it('joins by the secret where the service does not keep the key', () => {
    const state = { ...primary, urlKey: '', webhookUrl: OTHER };
    const plain = { ...shared, registeredUrl: OTHER, state };
    expect(planRegistration(plain)[0]).toMatchObject({ state: { receivers: [OWN] } });
  });

  it('takes over where nobody is there any more', () => {
    const [step] = planRegistration({ ...shared, state: joined, isInUse: false });
    expect(step).toMatchObject({ action: 'point', url: keyed(OWN), state: { receivers: [] } });
  });

  it('is refused where n8n cannot reach its own webhook, although the first is active', () => {
    const unreachable = { ...shared, isInUse: false, owner: 'Answer mentions' };
    expect(planRegistration(unreachable)).toEqual([inUse(keyed(OTHER))]);
  });

  it.each([
    ['a copy of the instance', { ownUrl: OWN.replace('n8n.', 'copy.') }],
    ['a credential that does not know the webhook', { state: { ...primary, webhookUrl: FOREIGN } }],
    [
      'a credential with nothing to verify by',
      { state: { ...primary, secret: '', urlKey: NEW_KEY } },
    ],
  ])('is refused in %s', (_, change) => {
    expect(dependsOnUse({ ...shared, ...change })).toBe(false);
    expect(planRegistration({ ...shared, ...change })).toEqual([inUse(keyed(OTHER))]);
  });
});

describe('a receiver, when n8n starts', () => {
  const restarted = {
    ...shared,
    state: joined,
    storedUrl: OWN,
    isRestart: true,
    unreachableReason: undefined,
  };

  it('stays one, also where the first cannot be asked', () => {
    expect(planRestart(restarted)).toEqual({ action: 'keep' });
    expect(planRestart({ ...restarted, isInUse: false, owner: 'Likes' })).toEqual({
      action: 'keep',
    });
    expect(staysWithoutResponse({ state: joined, ownUrl: OWN })).toBe(true);
  });

  it('is registered where nobody is there any more, or where it has moved', () => {
    expect(planRestart({ ...restarted, isInUse: false })).toEqual({ action: 'register' });
    const state = { ...primary, receivers: [OLD] };
    expect(planRestart({ ...restarted, state, storedUrl: OLD })).toEqual({ action: 'register' });
  });

  it('stays where it is while the first does, because of a missing public URL or another instance', () => {
    const first = keyed(OTHER.replace('n8n.', 'old-tunnel.'));
    const state = { ...primary, webhookUrl: first, receivers: [OLD] };
    const moved = { ...restarted, registeredUrl: first, storedUrl: OLD, state };
    const unreachableReason = 'is in a private network';
    expect(planRestart({ ...moved, unreachableReason })).toMatchObject({ action: 'stay' });
    expect(planRestart(moved)).toMatchObject({
      action: 'stay',
      reason: expect.stringContaining('where an n8n instance accepts them') as string,
    });
    expect(planRestart({ ...moved, isInUse: false })).toEqual({ action: 'register' });
  });
});

describe('the first, when n8n starts and cannot reach itself yet', () => {
  it('joins the one that was started before it and took over', () => {
    const restarted = {
      ...shared,
      storedUrl: OWN,
      isRestart: true,
      unreachableReason: undefined,
      isInUse: false,
      owner: 'Likes',
    };
    expect(planRestart(restarted)).toEqual({ action: 'register' });
    expect(planRegistration(restarted)).toEqual([{ action: 'save', state: joined }, store]);
  });
});

describe('the end', () => {
  const forget = { action: 'store', data: { webhookUrl: undefined, restoreUrl: undefined } };
  const ended: EndObservation = {
    registeredUrl: keyed(OWN),
    ownUrl: OWN,
    storedUrl: OWN,
    state: { ...registered, receivers: [OTHER, THIRD] },
    restoreUrl: undefined,
    nextReceiver: OTHER,
    isLater: false,
  };

  const later = { action: 'deleteLater' };

  it('of the first hands the webhook over to the next, and leaves it some seconds later', () => {
    const handedOver = { ...registered, webhookUrl: keyed(OTHER) };
    expect(planEnd(ended)).toEqual([
      { action: 'setUrl', url: keyed(OTHER) },
      { action: 'save', state: { ...handedOver, receivers: [THIRD, OWN] } },
      later,
      forget,
    ]);
    const state = { ...handedOver, receivers: [THIRD, OWN] };
    expect(planEnd({ ...ended, registeredUrl: keyed(OTHER), state, isLater: true })).toEqual([
      { action: 'save', state: { ...handedOver, receivers: [THIRD] } },
      forget,
    ]);
  });

  it('of the first hands the webhook to one that is there', () => {
    expect(planEnd({ ...ended, nextReceiver: THIRD })).toMatchObject([
      { action: 'setUrl', url: keyed(THIRD) },
      { action: 'save', state: { webhookUrl: keyed(THIRD), receivers: [OTHER, OWN] } },
      later,
      forget,
    ]);
  });

  it('of the first during a test has the test give the webhook back to the next', () => {
    const state = { ...ended.state, temporaryUrl: keyed(OTHER_TEST) };
    expect(planEnd({ ...ended, registeredUrl: keyed(OTHER_TEST), state })).toEqual([
      { action: 'save', state: { ...state, webhookUrl: keyed(OTHER), receivers: [THIRD, OWN] } },
      later,
      forget,
    ]);
  });

  it('of a receiver leaves the webhook where it is, and the list some seconds later', () => {
    const state = { ...primary, receivers: [THIRD, OWN] };
    const receiver = { ...ended, registeredUrl: keyed(OTHER), state };
    expect(planEnd(receiver)).toEqual([later, forget]);
    expect(planEnd({ ...receiver, isLater: true })).toEqual([
      { action: 'save', state: { ...state, receivers: [THIRD] } },
      forget,
    ]);
  });
});
