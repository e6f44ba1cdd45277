/** Every rule about the agent's one webhook when n8n starts, listens for a test event, or ends a registration. */
import type { WebhookState } from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import type {
  EndObservation,
  RegistrationObservation,
  RestartObservation,
} from '../../../nodes/ImagineAnything/trigger/registration/observation';
import {
  hasRegisteredAgain,
  needsRestore,
  planEnd,
  planRegistration,
  planRestart,
  staysWithoutResponse,
} from '../../../nodes/ImagineAnything/trigger/registration/webhookPlan';
import type { Step } from '../../../nodes/ImagineAnything/trigger/registration/webhookSteps';
import {
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
} from './observations';

describe('When n8n starts', () => {
  const restarted: RestartObservation = {
    ...observed,
    state: registered,
    registeredUrl: keyed(OWN),
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
    ['nothing is known to verify with', { state: { ...registered, secret: '', urlKey: '' } }],
    [
      'the secret that has to be is not known',
      { state: { ...registered, secret: '' }, verification: 'signature' },
    ],
    ['the URL has no key yet', { registeredUrl: OWN, state: { ...registered, urlKey: '' } }],
    ['the service dropped the key', { registeredUrl: OWN }],
    ['n8n ended during a publication', { state: { ...registered, webhookUrl: '' } }],
    ['the webhook belongs to another receiver', { registeredUrl: FOREIGN, isInUse: true }],
    [
      'a test has it',
      { registeredUrl: keyed(TEST), state: { ...registered, temporaryUrl: keyed(TEST) } },
    ],
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
    expect(stays({ ...registered, secret: '' })).toBe(true);
    expect(stays({ ...registered, urlKey: '' })).toBe(true);
    expect(stays({ ...registered, secret: '', urlKey: '' })).toBe(false);
    expect(stays({ ...registered, webhookUrl: OTHER })).toBe(false);
    expect(stays(empty)).toBe(false);
  });

  test('the service is retried for longer where a test was left over', () => {
    expect(needsRestore({ ...registered, temporaryUrl: keyed(TEST) })).toBe(true);
    expect(needsRestore(registered)).toBe(false);
  });
});

describe('Listening for a test event', () => {
  const plan = (change: Change<RegistrationObservation>) =>
    planRegistration({ ...observed, isTest: true, ownUrl: TEST, ...change });
  /** The steps that end with the test as the receiver. */
  const steps = ({ state = empty }: { state?: WebhookState }, restoreUrl: string, urlKey = KEY) => {
    const url = keyed(TEST, urlKey);
    // What is known of another webhook does not count.
    const known = urlKey === NEW_KEY ? { secret: '', signatureForm: '', nextUrlKey: '' } : {};
    const next = {
      ...state,
      ...agent,
      ...known,
      urlKey,
      webhookUrl: restoreUrl,
      temporaryUrl: url,
    };
    const store = { action: 'store', data: { restoreUrl: restoreUrl.split('?')[0] } };
    const save = { action: 'save', state: next };
    const step = (action: string) => ({ action, url, state: next, verification: 'automatic' });
    return {
      keep: [store, save],
      point: [store, save, step('point')],
      renew: [store, step('renew')],
    };
  };

  test('registers a webhook with a new secret where there is none', () => {
    const change = { state: registered };
    expect(plan(change)).toEqual(steps(change, '', NEW_KEY).renew);
    expect(plan({})).toEqual(steps({}, '', NEW_KEY).renew);
  });

  test('uses a webhook with a known secret, saves first what to restore, and requests no new secret', () => {
    const own = { registeredUrl: keyed(OWN), state: registered };
    expect(plan(own)).toEqual(steps(own, keyed(OWN)).point);
    const other = { registeredUrl: OTHER, state: { ...registered, webhookUrl: OTHER } };
    expect(plan(other)).toEqual(steps(other, OTHER).point);
  });

  test('continues with what an earlier test left over', () => {
    const left = {
      registeredUrl: keyed(TEST),
      state: { ...registered, temporaryUrl: keyed(TEST) },
    };
    expect(plan(left)).toEqual(steps(left, keyed(OWN)).keep);
    expect(plan({ registeredUrl: keyed(TEST) })).toEqual(steps({}, '', NEW_KEY).renew);
  });

  test('restores what another test has to restore', () => {
    const test = { registeredUrl: OTHER_TEST, state: { ...registered, temporaryUrl: OTHER_TEST } };
    expect(plan(test)).toEqual(steps(test, keyed(OWN)).point);
  });

  test('requests no new secret that would break the receiver', () => {
    const foreign = { registeredUrl: FOREIGN, state: registered };
    const unknown = [refuse('unknownReceiver', FOREIGN)];
    expect(plan(foreign)).toEqual(unknown);
    expect(plan({ ...foreign, verification: 'signature' })).toEqual(unknown);
    expect(plan({ registeredUrl: FOREIGN, verification: 'address' })).toEqual(unknown);
    // The secret that is stored is not that of the other receiver.
    const replaced = { ...foreign, replace: true };
    expect(plan(replaced)).toEqual(steps(foreign, FOREIGN, NEW_KEY).point);
    expect(plan({ registeredUrl: FOREIGN, replace: true })).toEqual(
      steps({}, FOREIGN, NEW_KEY).point,
    );
    const signed = { verification: 'signature', replace: true } as const;
    const refused = [refuse('unknownSecret', FOREIGN)];
    expect(plan({ registeredUrl: FOREIGN, ...signed })).toEqual(refused);
    expect(plan({ ...foreign, ...signed })).toEqual(refused);
    expect(plan({ registeredUrl: keyed(OWN), ...signed })).toEqual([
      refuse('unknownSecret', keyed(OWN)),
    ]);
  });

  test('is refused by the name of what is missing', () => {
    const state = { ...registered, secret: '' };
    const unsigned = { registeredUrl: keyed(OWN), state, verification: 'signature' } as const;
    expect(plan(unsigned)).toEqual([refuse('unknownSecret', keyed(OWN))]);
  });

  test('has the key that the service got before n8n could save it', () => {
    const registeredUrl = keyed(OWN, NEW_KEY);
    const state = { ...registered, nextUrlKey: NEW_KEY };
    const [, save, step] = plan({ registeredUrl, state, newUrlKey: 'x'.repeat(32) });
    expect(save).toMatchObject({ state: { urlKey: NEW_KEY, webhookUrl: registeredUrl } });
    expect(step).toMatchObject({ action: 'point', url: keyed(TEST, NEW_KEY) });
  });

  test('has no key where the service does not keep the one of the receiver', () => {
    const state = { ...registered, urlKey: '', webhookUrl: OWN };
    const [, save, step] = plan({ registeredUrl: OWN, state });
    expect(save).toMatchObject({ state: { secret: 's', urlKey: '', temporaryUrl: TEST } });
    expect(step).toMatchObject({ action: 'point', url: TEST });
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
      nextReceiver: undefined,
      isLater: false,
      ...change,
    });
  const forget: Step = { action: 'store', data: { webhookUrl: undefined, restoreUrl: undefined } };
  const save = (state: WebhookState): Step => ({ action: 'save', state });

  test('of an active workflow releases its webhook, to delete it later', () => {
    const released = { ...registered, webhookUrl: '', temporaryUrl: OWN };
    expect(plan({ registeredUrl: keyed(OWN) })).toEqual([
      save(released),
      { action: 'deleteLater' },
      forget,
    ]);
    const deleted = { ...empty, ...agent };
    expect(plan({ registeredUrl: keyed(OWN), state: released })).toEqual([
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
    expect(
      hasRegisteredAgain({ ...registered, webhookUrl: '', temporaryUrl: keyed(OWN) }, OWN),
    ).toBe(false);
    expect(hasRegisteredAgain({ ...registered, webhookUrl: OTHER }, OWN)).toBe(false);
  });

  test('after a failed activation keeps the URL that the node registered before it moved', () => {
    expect(plan({ registeredUrl: OLD, storedUrl: OLD })).toEqual([
      { action: 'store', data: { restoreUrl: undefined } },
    ]);
  });

  test('of an active workflow leaves the webhook to a test, which deletes it then', () => {
    const state = { ...registered, temporaryUrl: keyed(TEST) };
    expect(plan({ registeredUrl: keyed(TEST), state })).toEqual([
      save({ ...state, webhookUrl: '' }),
      forget,
    ]);
  });

  test('of a test restores what it used, and deletes a webhook of its own', () => {
    const state = { ...registered, temporaryUrl: keyed(TEST) };
    const test = { ownUrl: TEST, registeredUrl: keyed(TEST), state, storedUrl: undefined };
    expect(plan(test)).toEqual([{ action: 'setUrl', url: keyed(OWN) }, save(registered), forget]);
    const alone = { ...state, webhookUrl: '' };
    expect(plan({ ...test, state: alone, restoreUrl: OWN })).toEqual([
      save({ ...empty, ...agent }),
      { action: 'delete' },
      forget,
    ]);
    expect(
      plan({ ...test, registeredUrl: keyed(OWN), state: registered, restoreUrl: OWN }),
    ).toEqual([forget]);
  });

  test('of a test whose state is lost restores what the node stored', () => {
    const test = { ownUrl: TEST, registeredUrl: keyed(TEST), state: empty, storedUrl: undefined };
    expect(plan({ ...test, restoreUrl: OWN })).toEqual([
      { action: 'setUrl', url: OWN },
      save({ ...empty, webhookUrl: OWN }),
      forget,
    ]);
    expect(plan({ ...test, restoreUrl: '' })).toEqual([save(empty), { action: 'delete' }, forget]);
  });
});
