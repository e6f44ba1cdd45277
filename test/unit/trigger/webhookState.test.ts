import fc from 'fast-check';
import {
  emptyWebhookState,
  readWebhookState,
  toCredentialFields,
  type WebhookState,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import { anyText, RUNS } from '../properties';

const credentials = { baseUrl: 'https://imagineanything.com', clientId: 'c1', clientSecret: 's1' };
const state: WebhookState = {
  ...emptyWebhookState(credentials),
  secret: 'whsec',
  webhookUrl: 'https://n8n.example/webhook/x/webhook',
  id: 'agent_1',
  handle: 'ada_bot',
};

test('The state is read as it was stored', () => {
  expect(readWebhookState({ ...credentials, ...toCredentialFields(state) })).toEqual(state);
});

test('The state stays valid with a new client secret, but not for another agent or service', () => {
  const kept = { ...credentials, ...toCredentialFields(state) };
  expect(readWebhookState({ ...kept, clientSecret: 's2' })).toEqual(state);
  expect(readWebhookState({ ...kept, clientId: 'c2' }).secret).toBe('');
  expect(readWebhookState({ ...kept, baseUrl: 'https://other.example' }).secret).toBe('');
});

test.each([undefined, '', 'rubbish', 'null', '[]', '{"agent":5}'])(
  'The stored value %p is read as the empty state',
  (webhook) => {
    const given = webhook === undefined ? credentials : { ...credentials, webhook };
    expect(readWebhookState(given)).toEqual(emptyWebhookState(credentials));
  },
);

test.each<[string, object]>([
  ['a webhook URL that is none', { webhookUrl: '={{ $json.password }}' }],
  ['a temporary URL that is none', { temporaryUrl: 'elsewhere' }],
  ['a secret that is none', { secret: 5 }],
  ['a secret without end', { secret: 'x'.repeat(5000) }],
  ['a handle that cannot be shown', { handle: 'a\0' }],
  ['an ID that is none', { id: {} }],
  ['nothing else', { secret: undefined, webhookUrl: undefined }],
])('A state with %s is read as the empty state', (_, change) => {
  const webhook = JSON.stringify({ ...state, ...change });
  expect(readWebhookState({ ...credentials, webhook })).toEqual(emptyWebhookState(credentials));
});

test('Whatever the service returns, the stored field is not an expression, and is read back whole or not at all', () => {
  const member = fc.oneof(
    anyText,
    anyText.map((text) => `=${text}`),
    fc.constantFrom('={{ $json.password }}', '=', 'https://n8n.example/x', 'ada_bot'),
  );
  fc.assert(
    fc.property(
      fc.record({
        secret: member,
        webhookUrl: member,
        temporaryUrl: member,
        id: member,
        handle: member,
      }),
      (fields) => {
        const kept = toCredentialFields({ ...state, ...fields });
        for (const value of Object.values(kept)) expect(value).toMatch(/^\{/);
        const read = readWebhookState({ ...credentials, ...kept });
        expect([{ ...state, ...fields }, emptyWebhookState(credentials)]).toContainEqual(read);
      },
    ),
    RUNS,
  );
});
