import type { WebhookState } from '../../../nodes/ImagineAnything/trigger/webhookState';
import {
  type Activation,
  isSame,
  isSameNode,
  planActivation,
  planEnd,
  planListening,
} from '../../../nodes/ImagineAnything/trigger/webhookPlan';

const ID = '0b7f3c1e-6f0e-4a55-9d3a-2f1c6f7d8e90';
const OWN = `https://n8n.example/webhook/${ID}/webhook`;
const TEST = `https://n8n.example/webhook-test/${ID}/webhook`;
const OTHER = 'https://n8n.example/webhook/2c4d-other/webhook';
const OTHER_TEST = 'https://n8n.example/webhook-test/2c4d-other/webhook';
const FOREIGN = 'https://elsewhere.example/hook';

const nothing: WebhookState = {
  agent: 'a',
  secret: '',
  address: '',
  lentTo: '',
  id: 'agent_1',
  handle: 'ada_bot',
};
const noted: WebhookState = { ...nothing, secret: 's', address: OWN };

describe('activating', () => {
  const base: Activation = {
    current: undefined,
    own: OWN,
    note: nothing,
    noted: undefined,
    webhookId: ID,
    replace: false,
    rotate: false,
    restarting: false,
    again: false,
  };
  const plan = (change: Partial<Activation>) => planActivation({ ...base, ...change });

  test('registers with a fresh secret where there is no webhook', () => {
    expect(plan({})).toEqual({ step: 'renew' });
    expect(plan({ note: noted, restarting: true })).toEqual({ step: 'renew' });
  });

  test('keeps what is ours when the secret is known', () => {
    expect(plan({ current: OWN, note: noted })).toEqual({ step: 'keep' });
    expect(plan({ current: OWN, note: noted, restarting: true })).toEqual({ step: 'keep' });
  });

  test('has a new secret made when it is not known, or when that is wanted', () => {
    expect(plan({ current: OWN })).toEqual({ step: 'renew' });
    expect(plan({ current: OWN, note: noted, rotate: true })).toEqual({ step: 'renew' });
    expect(plan({ current: OWN, note: noted, rotate: true, restarting: true })).toEqual({
      step: 'keep',
    });
  });

  test('refuses what is somebody else’s, and says whose', () => {
    const refused = { step: 'refuse', address: FOREIGN };
    expect(plan({ current: FOREIGN })).toEqual(refused);
    expect(plan({ current: FOREIGN, note: noted })).toEqual(refused);
    expect(plan({ current: OTHER, note: { ...noted, address: OTHER } })).toEqual({
      step: 'refuse',
      address: OTHER,
    });
  });

  test('replaces when the user chose so, but not on a restart', () => {
    expect(plan({ current: FOREIGN, replace: true })).toEqual({ step: 'renew' });
    expect(plan({ current: FOREIGN, replace: true, restarting: true })).toEqual({
      step: 'refuse',
      address: FOREIGN,
    });
  });

  test('moves along when the address of n8n changed', () => {
    const old = 'https://old-tunnel.example/webhook/x/webhook';
    const note = { ...noted, address: old };
    expect(plan({ current: old, note })).toEqual({ step: 'refuse', address: old });
    expect(plan({ current: old, note, noted: old })).toEqual({ step: 'point' });
  });

  test('takes another form of the same address for the same', () => {
    const current = OWN.replace('https://n8n.example', 'https://N8N.example:443');
    expect(plan({ current, note: noted })).toEqual({ step: 'keep' });
  });

  test('takes back what a test of this node has, alive or left over', () => {
    const lent = { ...noted, lentTo: TEST };
    expect(plan({ current: TEST, note: lent, restarting: true })).toEqual({ step: 'point' });
    expect(plan({ current: TEST, note: lent })).toEqual({ step: 'point' });
    expect(plan({ current: TEST, note: nothing })).toEqual({ step: 'renew' });
  });

  test('takes back what the test of another workflow borrowed from this one', () => {
    const lent = { ...noted, lentTo: OTHER_TEST };
    expect(plan({ current: OTHER_TEST, note: lent, restarting: true })).toEqual({ step: 'point' });
  });

  test('takes over from a test that borrowed from nobody', () => {
    const lent = { ...nothing, secret: 's', lentTo: OTHER_TEST };
    expect(plan({ current: OTHER_TEST, note: lent })).toEqual({ step: 'renew' });
    expect(plan({ current: OTHER_TEST, note: lent, restarting: true })).toEqual({ step: 'point' });
  });

  test('keeps what its changed trigger had, and has a new secret made for what was unpublished', () => {
    const ended = { current: OWN, note: { ...nothing, secret: 's', lentTo: OWN } };
    expect(plan({ ...ended, again: true })).toEqual({ step: 'keep' });
    expect(plan({ ...ended, again: true, rotate: true })).toEqual({ step: 'renew' });
    expect(plan({ ...ended, restarting: true })).toEqual({ step: 'keep' });
    expect(plan(ended)).toEqual({ step: 'renew' });
  });

  test('refuses what a test borrowed from somebody else, and names the lender', () => {
    const lent = { ...nothing, address: FOREIGN, lentTo: TEST };
    expect(plan({ current: TEST, note: lent })).toEqual({ step: 'refuse', address: FOREIGN });
  });
});

describe('listening for a test event', () => {
  const base = { current: undefined, own: TEST, note: nothing, verify: true };
  const plan = (change: Partial<Parameters<typeof planListening>[0]>) =>
    planListening({ ...base, ...change });

  test('registers with a fresh secret where there is no webhook', () => {
    expect(plan({ note: noted })).toEqual({ step: 'renew', returnTo: '' });
  });

  test('borrows without a new secret what is known, and knows where to return it', () => {
    expect(plan({ current: OWN, note: noted })).toEqual({ step: 'point', returnTo: OWN });
    expect(plan({ current: OTHER, note: { ...noted, address: OTHER } })).toEqual({
      step: 'point',
      returnTo: OTHER,
    });
  });

  test('goes on with what an earlier test left over', () => {
    expect(plan({ current: TEST, note: { ...noted, lentTo: TEST } })).toEqual({
      step: 'keep',
      returnTo: OWN,
    });
    expect(plan({ current: TEST })).toEqual({ step: 'renew', returnTo: '' });
  });

  test('borrows from another test for its lender', () => {
    expect(plan({ current: OTHER_TEST, note: { ...noted, lentTo: OTHER_TEST } })).toEqual({
      step: 'point',
      returnTo: OWN,
    });
  });

  test('does not make a new secret that would break the receiver', () => {
    const refused = { step: 'refuse', address: FOREIGN, returnTo: FOREIGN };
    expect(plan({ current: FOREIGN })).toEqual(refused);
    expect(plan({ current: FOREIGN, note: noted })).toEqual(refused);
    expect(plan({ current: FOREIGN, verify: false })).toEqual({
      step: 'point',
      returnTo: FOREIGN,
    });
    expect(plan({ current: OWN })).toMatchObject({ step: 'refuse' });
  });
});

describe('the end', () => {
  const plan = (change: Partial<Parameters<typeof planEnd>[0]>) =>
    planEnd({ current: undefined, own: OWN, note: noted, returnTo: undefined, ...change });

  test('of an active workflow removes what is still ours', () => {
    expect(plan({ current: OWN })).toEqual({ step: 'remove' });
    expect(plan({ current: FOREIGN })).toEqual({ step: 'leave' });
    expect(plan({})).toEqual({ step: 'leave' });
  });

  test('of an active workflow leaves the webhook to a test, which removes it then', () => {
    expect(plan({ current: TEST, note: { ...noted, lentTo: TEST } })).toEqual({ step: 'forget' });
  });

  test('of a test returns what was borrowed, and removes what was not', () => {
    const lent = { ...noted, lentTo: TEST };
    expect(plan({ own: TEST, current: TEST, note: lent })).toEqual({
      step: 'return',
      address: OWN,
    });
    expect(plan({ own: TEST, current: TEST, note: { ...lent, address: '' } })).toEqual({
      step: 'remove',
    });
    expect(plan({ own: TEST, current: OWN, note: noted, returnTo: OWN })).toEqual({
      step: 'leave',
    });
  });

  test('of a test whose note is lost goes by what the listener remembers', () => {
    const end = { own: TEST, current: TEST, note: nothing };
    expect(plan({ ...end, returnTo: OWN })).toEqual({ step: 'return', address: OWN });
    expect(plan({ ...end, returnTo: '' })).toEqual({ step: 'remove' });
  });
});

test('the two addresses of a node are known by its ID, on one n8n only', () => {
  expect(isSameNode(TEST, OWN, ID)).toBe(true);
  expect(isSameNode(OTHER_TEST, OWN, ID)).toBe(false);
  expect(isSameNode(TEST.replace('n8n.', 'staging.'), OWN, ID)).toBe(false);
  expect(isSameNode(TEST, OWN, undefined)).toBe(false);
  expect(isSameNode('', OWN, ID)).toBe(false);
});

test('two addresses that are none are not the same', () => {
  for (const address of ['', 'elsewhere', undefined]) {
    expect(isSame(address, address)).toBe(false);
    expect(isSame(address, 'https://n8n.example/a')).toBe(false);
  }
  expect(isSame('HTTPS://N8N.example:443/a', 'https://n8n.example/a')).toBe(true);
});
