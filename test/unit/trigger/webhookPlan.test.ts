/** Every rule about the agent's one webhook: what each hook does with what it observed. */
import type { WebhookState } from '../../../nodes/ImagineAnything/trigger/webhookState';
import {
  dependsOnUse,
  type EndObservation,
  hasRegisteredAgain,
  isMoved,
  isSame,
  isSameNode,
  needsRestore,
  planEnd,
  planRegistration,
  planRestart,
  type RegistrationObservation,
  type RestartObservation,
  staysWithoutResponse,
  type Step,
} from '../../../nodes/ImagineAnything/trigger/webhookPlan';

const ID = '0b7f3c1e-6f0e-4a55-9d3a-2f1c6f7d8e90';
const OWN = `https://n8n.example/webhook/${ID}/webhook`;
const TEST = `https://n8n.example/webhook-test/${ID}/webhook`;
const OTHER = 'https://n8n.example/webhook/2c4d-other/webhook';
const OTHER_TEST = 'https://n8n.example/webhook-test/2c4d-other/webhook';
const FOREIGN = 'https://elsewhere.example/hook';
const OLD = `https://old-tunnel.example/webhook/${ID}/webhook`;

const agent = { id: 'agent_1', handle: 'ada_bot' };
const empty: WebhookState = {
  agent: 'a',
  secret: '',
  webhookUrl: '',
  temporaryUrl: '',
  id: '',
  handle: '',
};
const registered: WebhookState = { ...empty, ...agent, secret: 's', webhookUrl: OWN };

const observed: RegistrationObservation = {
  registeredUrl: undefined,
  ownUrl: OWN,
  state: empty,
  storedUrl: undefined,
  webhookId: ID,
  replace: false,
  rotate: false,
  isRestart: false,
  isUpdate: false,
  isTest: false,
  agent,
  otherTrigger: undefined,
  isInUse: false,
  ignoreOwnActions: true,
  verifySignature: true,
};

type Change<Observation> = Partial<Observation>;

const refuse = (reason: string, subject: string) => ({ action: 'refuse', reason, subject });
const inUse = (url: string) => refuse('webhookInUse', url);

describe('When a workflow becomes active', () => {
  const plan = (change: Change<RegistrationObservation>) =>
    planRegistration({ ...observed, ...change });
  /** The steps that end with this node as the receiver, whose state has what the service says about the agent. */
  const steps = ({ state = empty }: { state?: WebhookState } = {}) => {
    const next = { ...state, ...agent, webhookUrl: OWN, temporaryUrl: '' };
    const store = { action: 'store', data: { webhookUrl: OWN } };
    const save = { action: 'save', state: next };
    return {
      keep: [save, store],
      point: [{ action: 'setUrl', url: OWN }, save, store],
      renew: [{ action: 'renew', url: OWN, state: next, needsSecret: true }, store],
    };
  };

  test('a webhook is registered with a new secret where there is none', () => {
    expect(plan({})).toEqual(steps().renew);
    expect(plan({ state: registered, isRestart: true })).toEqual(
      steps({ state: registered }).renew,
    );
    expect(plan({ verifySignature: false })[0]).toMatchObject({ needsSecret: false });
  });

  test('its own webhook is kept when the secret is known', () => {
    const { keep } = steps({ state: registered });
    const own = { registeredUrl: OWN, state: registered };
    expect(plan(own)).toEqual(keep);
    expect(plan({ ...own, isRestart: true })).toEqual(keep);
  });

  test('a new secret is requested when it is not known, or with Rotate Secret', () => {
    const own = { registeredUrl: OWN, state: registered };
    expect(plan({ registeredUrl: OWN })).toEqual(steps().renew);
    expect(plan({ ...own, rotate: true })).toEqual(steps(own).renew);
    expect(plan({ ...own, rotate: true, isRestart: true })).toEqual(steps(own).keep);
  });

  test('the webhook of another receiver is refused with its URL', () => {
    expect(plan({ registeredUrl: FOREIGN })).toEqual([inUse(FOREIGN)]);
    expect(plan({ registeredUrl: FOREIGN, state: registered })).toEqual([inUse(FOREIGN)]);
    const state = { ...registered, webhookUrl: OTHER };
    expect(plan({ registeredUrl: OTHER, state })).toEqual([inUse(OTHER)]);
  });

  test('the webhook of another trigger in the workflow is refused, whatever the options say', () => {
    expect(plan({ registeredUrl: OTHER, otherTrigger: 'Likes', replace: true })).toEqual([
      refuse('duplicateTrigger', 'Likes'),
    ]);
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

  test('another form of the same URL is the same', () => {
    const registeredUrl = OWN.replace('https://n8n.example', 'https://N8N.example:443');
    const own = { registeredUrl, state: registered };
    expect(plan(own)).toEqual(steps(own).keep);
    expect(plan({ ...own, storedUrl: OWN, isInUse: true })).toEqual(steps(own).keep);
  });

  test('what a test of this node has is taken back, whether it listens or was left over', () => {
    const test = { registeredUrl: TEST, state: { ...registered, temporaryUrl: TEST } };
    expect(plan({ ...test, isRestart: true })).toEqual(steps(test).point);
    expect(plan(test)).toEqual(steps(test).point);
    expect(plan({ registeredUrl: TEST })).toEqual(steps().renew);
  });

  test('what the test of another workflow took from this one is taken back', () => {
    const test = { registeredUrl: OTHER_TEST, state: { ...registered, temporaryUrl: OTHER_TEST } };
    expect(plan({ ...test, isRestart: true })).toEqual(steps(test).point);
  });

  test('a test that has no URL to restore loses the webhook', () => {
    const test = {
      registeredUrl: OTHER_TEST,
      state: { ...empty, secret: 's', temporaryUrl: OTHER_TEST },
    };
    expect(plan(test)).toEqual(steps(test).renew);
    expect(plan({ ...test, isRestart: true })).toEqual(steps(test).point);
  });

  test('a changed trigger keeps what it had, and one that was unpublished gets a new secret', () => {
    const ended = { registeredUrl: OWN, state: { ...empty, secret: 's', temporaryUrl: OWN } };
    const { keep, renew } = steps(ended);
    expect(plan({ ...ended, isUpdate: true })).toEqual(keep);
    expect(plan({ ...ended, isUpdate: true, rotate: true })).toEqual(renew);
    expect(plan({ ...ended, isRestart: true })).toEqual(keep);
    expect(plan(ended)).toEqual(renew);
  });

  test('what a test took from another receiver is restored before it is refused', () => {
    const state = { ...empty, webhookUrl: FOREIGN, temporaryUrl: TEST };
    expect(plan({ registeredUrl: TEST, state })).toEqual([
      { action: 'setUrl', url: FOREIGN },
      { action: 'save', state: { ...state, temporaryUrl: '' } },
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
    expect(plan({ ...unknown, registeredUrl: FOREIGN, isTest: true })).toEqual([
      refuse('unknownSecret', FOREIGN),
    ]);
  });

  test('whether the registered URL is in use only matters after a move that nobody asked for', () => {
    const moved = { ...observed, registeredUrl: OLD, storedUrl: OLD };
    expect(dependsOnUse(moved)).toBe(true);
    expect(dependsOnUse({ ...moved, replace: true })).toBe(false);
    expect(dependsOnUse({ ...moved, otherTrigger: 'Likes' })).toBe(false);
    expect(dependsOnUse({ ...moved, storedUrl: undefined })).toBe(false);
    expect(isMoved({ ...moved, registeredUrl: OWN, storedUrl: OWN })).toBe(false);
    expect(isMoved({ ...moved, registeredUrl: undefined })).toBe(false);
  });
});

describe('When n8n starts', () => {
  const restarted: RestartObservation = {
    ...observed,
    state: registered,
    registeredUrl: OWN,
    storedUrl: OWN,
    isRestart: true,
    unreachableReason: undefined,
    isInUse: false,
  };
  const plan = (change: Change<RestartObservation>) => planRestart({ ...restarted, ...change });
  const moved = { registeredUrl: OLD, storedUrl: OLD };

  test('a webhook that is as it should be is kept', () => {
    expect(plan({})).toEqual({ action: 'keep' });
    expect(plan({ rotate: true, replace: true })).toEqual({ action: 'keep' });
  });

  test.each<[string, Change<RestartObservation>]>([
    ['there is no webhook', { registeredUrl: undefined }],
    ['the secret is not known', { state: { ...registered, secret: '' } }],
    ['n8n ended during a publication', { state: { ...registered, webhookUrl: '' } }],
    ['the webhook belongs to another receiver', { registeredUrl: FOREIGN, isInUse: true }],
    ['a test has it', { registeredUrl: TEST, state: { ...registered, temporaryUrl: TEST } }],
    ['the URL of n8n changed', moved],
  ])('it is registered when %s', (_, change) => {
    expect(plan(change)).toEqual({ action: 'register' });
  });

  test('it stays where it is while n8n has no public URL, or its old URL is in use', () => {
    const unreachableReason = 'is in a private network';
    for (const isInUse of [false, true]) {
      expect(plan({ ...moved, unreachableReason, isInUse })).toEqual({
        action: 'stay',
        reason: expect.stringMatching(
          `^events are still delivered to ${OLD}, because ${OWN} is in a private network. Set the environment variable N8N_WEBHOOK_URL`,
        ) as string,
      });
    }
    expect(plan({ ...moved, isInUse: true, replace: true })).toEqual({
      action: 'stay',
      reason: expect.stringMatching(
        `^events are still delivered to ${OLD}, where an n8n instance accepts them. To receive them here, turn on "Replace Existing Webhook"`,
      ) as string,
    });
  });

  test('a workflow whose webhook was registered stays active while the service does not respond', () => {
    const stays = (state: WebhookState) => staysWithoutResponse({ state, ownUrl: OWN });
    expect(stays(registered)).toBe(true);
    expect(stays({ ...registered, secret: '' })).toBe(false);
    expect(stays({ ...registered, webhookUrl: OTHER })).toBe(false);
    expect(stays(empty)).toBe(false);
  });

  test('the service is retried for longer where a test was left over', () => {
    expect(needsRestore({ ...registered, temporaryUrl: TEST })).toBe(true);
    expect(needsRestore(registered)).toBe(false);
  });
});

describe('Listening for a test event', () => {
  const plan = (change: Change<RegistrationObservation>) =>
    planRegistration({ ...observed, isTest: true, ownUrl: TEST, ...change });
  /** The steps that end with the test as the receiver. */
  const steps = ({ state = empty }: { state?: WebhookState }, restoreUrl: string, secret = 's') => {
    const next = { ...state, ...agent, secret, webhookUrl: restoreUrl, temporaryUrl: TEST };
    const store = { action: 'store', data: { restoreUrl } };
    const save = { action: 'save', state: next };
    return {
      keep: [store, save],
      point: [store, save, { action: 'setUrl', url: TEST }],
      renew: [store, { action: 'renew', url: TEST, state: next, needsSecret: true }],
    };
  };

  test('registers a webhook with a new secret where there is none', () => {
    const change = { state: registered };
    expect(plan(change)).toEqual(steps(change, '', '').renew);
    expect(plan({})).toEqual(steps({}, '', '').renew);
  });

  test('uses a webhook with a known secret, saves first what to restore, and requests no new secret', () => {
    const own = { registeredUrl: OWN, state: registered };
    expect(plan(own)).toEqual(steps(own, OWN).point);
    const other = { registeredUrl: OTHER, state: { ...registered, webhookUrl: OTHER } };
    expect(plan(other)).toEqual(steps(other, OTHER).point);
  });

  test('continues with what an earlier test left over', () => {
    const left = { registeredUrl: TEST, state: { ...registered, temporaryUrl: TEST } };
    expect(plan(left)).toEqual(steps(left, OWN).keep);
    expect(plan({ registeredUrl: TEST })).toEqual(steps({}, '', '').renew);
  });

  test('restores what another test has to restore', () => {
    const test = { registeredUrl: OTHER_TEST, state: { ...registered, temporaryUrl: OTHER_TEST } };
    expect(plan(test)).toEqual(steps(test, OWN).point);
  });

  test('requests no new secret that would break the receiver', () => {
    const refused = [refuse('unknownSecret', FOREIGN)];
    const foreign = { registeredUrl: FOREIGN, state: registered };
    expect(plan({ registeredUrl: FOREIGN })).toEqual(refused);
    expect(plan(foreign)).toEqual(refused);
    // The secret that is stored is not that of the other receiver.
    expect(plan({ ...foreign, verifySignature: false })).toEqual(steps(foreign, FOREIGN, '').point);
    expect(plan({ registeredUrl: OWN })).toEqual([refuse('unknownSecret', OWN)]);
  });
});

describe('The end', () => {
  const plan = (change: Change<EndObservation>) =>
    planEnd({
      registeredUrl: undefined,
      ownUrl: OWN,
      state: registered,
      storedUrl: OWN,
      restoreUrl: undefined,
      ...change,
    });
  const forget: Step = { action: 'store', data: { webhookUrl: undefined, restoreUrl: undefined } };
  const save = (state: WebhookState): Step => ({ action: 'save', state });

  test('of an active workflow releases its webhook, to delete it later', () => {
    const released = { ...registered, webhookUrl: '', temporaryUrl: OWN };
    expect(plan({ registeredUrl: OWN })).toEqual([
      save(released),
      { action: 'deleteLater' },
      forget,
    ]);
    const deleted = { ...registered, secret: '', webhookUrl: '', temporaryUrl: '' };
    expect(plan({ registeredUrl: OWN, state: released })).toEqual([
      save(deleted),
      { action: 'delete' },
      forget,
    ]);
  });

  test('of an active workflow leaves any other webhook alone', () => {
    expect(plan({ registeredUrl: FOREIGN })).toEqual([forget]);
    expect(plan({})).toEqual([forget]);
  });

  test('deletes nothing later when the node has registered again', () => {
    expect(hasRegisteredAgain(registered, OWN)).toBe(true);
    expect(hasRegisteredAgain({ ...registered, webhookUrl: '', temporaryUrl: OWN }, OWN)).toBe(
      false,
    );
    expect(hasRegisteredAgain({ ...registered, webhookUrl: OTHER }, OWN)).toBe(false);
  });

  test('after a failed activation keeps the URL that the node registered before it moved', () => {
    expect(plan({ registeredUrl: OLD, storedUrl: OLD })).toEqual([
      { action: 'store', data: { restoreUrl: undefined } },
    ]);
  });

  test('of an active workflow leaves the webhook to a test, which deletes it then', () => {
    const state = { ...registered, temporaryUrl: TEST };
    expect(plan({ registeredUrl: TEST, state })).toEqual([
      save({ ...state, webhookUrl: '' }),
      forget,
    ]);
  });

  test('of a test restores what it used, and deletes a webhook of its own', () => {
    const state = { ...registered, temporaryUrl: TEST };
    const test = { ownUrl: TEST, registeredUrl: TEST, state, storedUrl: undefined };
    expect(plan(test)).toEqual([{ action: 'setUrl', url: OWN }, save(registered), forget]);
    const alone = { ...state, webhookUrl: '' };
    expect(plan({ ...test, state: alone, restoreUrl: OWN })).toEqual([
      save({ ...alone, secret: '', temporaryUrl: '' }),
      { action: 'delete' },
      forget,
    ]);
    expect(plan({ ...test, registeredUrl: OWN, state: registered, restoreUrl: OWN })).toEqual([
      forget,
    ]);
  });

  test('of a test whose state is lost restores what the node stored', () => {
    const test = { ownUrl: TEST, registeredUrl: TEST, state: empty, storedUrl: undefined };
    expect(plan({ ...test, restoreUrl: OWN })).toEqual([
      { action: 'setUrl', url: OWN },
      save({ ...empty, webhookUrl: OWN }),
      forget,
    ]);
    expect(plan({ ...test, restoreUrl: '' })).toEqual([save(empty), { action: 'delete' }, forget]);
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
});
