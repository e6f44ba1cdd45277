import fc from 'fast-check';
import type { Client } from '../../../nodes/ImagineAnything/transport/client';
import { URL_KEYS, WEBHOOK_KEYS } from '../../../nodes/ImagineAnything/trigger/assumptions';
import {
  readWebhookUrl,
  registerWebhook,
  readAgent,
} from '../../../nodes/ImagineAnything/trigger/webhookApi';
import { anyText, RUNS } from '../properties';

const ADDRESS = 'https://elsewhere.example/hook';

const answering = (body: unknown): Client => ({
  send: async () => ({ status: 200, body }),
  detached: () => answering(body),
});
const UNCLEAR = 'the response was not understood, so nothing was changed';

async function addressIn(body: unknown, expected: readonly unknown[] = []) {
  return await readWebhookUrl(answering(body), expected);
}

/** The same, where what cannot be read is refused. */
async function addressOrRefusal(body: unknown, expected: readonly unknown[] = []) {
  return await addressIn(body, expected).catch((error: Error) => {
    expect(error.message).toContain(UNCLEAR);
    return 'refused';
  });
}

it.each([
  ['an empty address', { webhookUrl: '' }],
  ['an address that is null', { webhook: { url: null }, documentation: ADDRESS }],
  ['nothing', {}],
])('%s is no webhook', async (_, body) => expect(await addressIn(body)).toBeUndefined());

it('an address is taken from any answer, and from nowhere else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.jsonValue(), anyText),
      fc.array(anyText),
      async (body, expected) => {
        const address = await addressOrRefusal(body, expected);
        if (address === undefined || address === 'refused') return;
        expect(address.startsWith('=')).toBe(false);
        expect(JSON.stringify(body)).toContain(JSON.stringify(address));
      },
    ),
    RUNS,
  );
});

/** Any JSON, with the address somewhere in it. */
const { anyHolder } = fc.letrec<{ anyHolder: unknown }>((tie) => {
  const key = fc.oneof(fc.string(), fc.constantFrom(...URL_KEYS, ...WEBHOOK_KEYS));
  return {
    anyHolder: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant(ADDRESS),
      fc
        .tuple(fc.array(fc.jsonValue()), tie('anyHolder'))
        .map(([others, inner]) => [...others, inner]),
      fc
        .tuple(key, tie('anyHolder'))
        .map(([name, inner]) => ({ status: 'ok', ...Object.fromEntries([[name, inner]]) })),
    ),
  };
});

it('an answer that holds an address anywhere is not taken for none', async () => {
  await fc.assert(
    fc.asyncProperty(anyHolder, async (body) => {
      expect(await addressOrRefusal(body)).toBeDefined();
    }),
    RUNS,
  );
});

const nested = (depth: number): unknown => {
  let value: unknown = ADDRESS;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};

it.each<[string, unknown]>([
  ['an address that is none', { webhookUrl: 'elsewhere' }],
  ['an address of another kind', { webhookUrl: 'ftp://elsewhere.example' }],
  ['an expression', { webhookUrl: '={{ $json.password }}' }],
  ['a space before the address', { webhook: { url: ` ${ADDRESS}` } }],
  ['an address of more than 2 KB', { webhookUrl: `${ADDRESS}/${'x'.repeat(2048)}` }],
  ['such an address under another name', { callback: `${ADDRESS}/${'x'.repeat(2048)}` }],
  ['a name in place of the webhook', { webhook: 'elsewhere' }],
  ['a number in place of the address', { data: { url: 5 } }],
  ['an object without an address', { webhookUrl: { host: 'elsewhere' } }],
  ['an error', { error: 'internal', message: 'Sorry' }],
  ['more addresses than a webhook has', { list: Array.from({ length: 30 }, () => ADDRESS) }],
  ['more values than a webhook has', { list: Array.from({ length: 150_000 }, () => 0) }],
  ['more levels than a webhook has', { list: nested(100_000) }],
])('%s is refused, and not taken for no webhook', async (_, body) => {
  await expect(addressIn(body)).rejects.toThrow(UNCLEAR);
});

const OWN = 'https://n8n.example/hook';

it.each<[string, unknown]>([
  ['a key that says URL', { targetUrl: ADDRESS, docs: OWN }],
  ['a key that says endpoint', { endpoint: { address: ADDRESS } }],
  ['a key that says webhook', { webhooks: [{ address: ADDRESS }], help: OWN }],
  ['an unknown key inside the webhook', { webhook: { to: ADDRESS, enabled: true } }],
  ['an unknown key inside data', { data: { to: ADDRESS } }],
  ['two such keys', { endpoint: ADDRESS, callback: ADDRESS }],
])('The webhook URL is found under %s', async (_, body) => {
  expect(await addressIn(body)).toBe(ADDRESS);
});

it.each<[string, unknown]>([
  ['documentation', { docs: ADDRESS }],
  ['the documentation of webhooks', { webhookDocsUrl: ADDRESS }],
  ['a webhook inside documentation', { documentation: { webhook: { url: ADDRESS } } }],
  ['an avatar', { webhook: { enabled: false }, agent: { avatarUrl: ADDRESS } }],
  ['a website inside data', { data: { agent: { website: ADDRESS } } }],
  ['an unknown key', { list: [{ to: ADDRESS }] }],
  ['a response that is only a URL', ADDRESS],
  ['two keys with different URLs', { endpoint: ADDRESS, callback: OWN }],
])('A URL under %s is not taken for the webhook, nor for no webhook', async (_, body) => {
  await expect(addressIn(body)).rejects.toThrow(UNCLEAR);
});

it('A URL that the webhook is known by is found under an unknown key, but not in documentation', async () => {
  const expected = [undefined, 'HTTPS://n8n.example:443/hook'];
  expect(await addressIn({ docs: ADDRESS, list: [{ to: OWN }] }, expected)).toBe(OWN);
  expect(await addressIn({ endpoint: ADDRESS, callback: OWN }, expected)).toBe(OWN);
  await expect(addressIn({ docs: OWN }, expected)).rejects.toThrow(UNCLEAR);
});

describe('what the service says of the agent', () => {
  it('is an ID and a handle', async () => {
    expect(await readAgent(answering({ agent: { id: 5, handle: '@ada_bot' } }))).toEqual({
      id: '5',
      handle: '@ada_bot',
    });
  });

  it.each(['', ' ', 'x'.repeat(201), 'a\0b', '\ud800', {}, null, 1.5])(
    'is not known from %p',
    async (value) => {
      const body = { id: value, handle: value };
      expect(await readAgent(answering(body))).toEqual({ id: '', handle: '' });
    },
  );
});

describe('the secret', () => {
  const secretIn = async (webhookSecret: unknown) =>
    await registerWebhook(answering({ webhookSecret }), ADDRESS);

  it.each(['whsec_1', '={{ $env }}', 'schlüssel 1', 'x'.repeat(4096)])(
    'may be any text: %s',
    async (secret) => expect(await secretIn(secret)).toBe(secret),
  );

  it.each(['', '  ', 'x'.repeat(4097), 'ü'.repeat(2049), 'a\nb', '\0', '\ud800', 5, {}, null])(
    'is none that is %p',
    async (secret) => expect(await secretIn(secret)).toBeUndefined(),
  );
});
