import fc from 'fast-check';
import type { Client } from '../../../nodes/ImagineAnything/transport/client';
import { URL_KEYS, WEBHOOK_KEYS } from '../../../nodes/ImagineAnything/trigger/assumptions';
import {
  readAgent,
  readWebhookUrl,
  registerWebhook,
  setWebhookUrl,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookApi';
import { readErrorResponse } from '../../../nodes/ImagineAnything/transport/failure';
import { toNodeApiError } from '../../../nodes/ImagineAnything/transport/nodeError';
import { anyText, RUNS } from '../properties';
import { NODE } from '../transport/support/n8n';

const WEBHOOK_URL = 'https://elsewhere.example/hook';

const respondingWith = (body: unknown): Client => ({
  send: async () => ({ status: 200, body }),
  detached: () => respondingWith(body),
});
const NOT_UNDERSTOOD = 'the response was not understood, so nothing was changed';

async function readUrl(body: unknown, expected: readonly unknown[] = []) {
  return await readWebhookUrl(respondingWith(body), expected);
}

/** The same, or `rejected` when the response is not understood. */
async function readUrlOrRejection(body: unknown, expected: readonly unknown[] = []) {
  return await readUrl(body, expected).catch((error: Error) => {
    expect(error.message).toContain(NOT_UNDERSTOOD);
    return 'rejected';
  });
}

it.each([
  ['an empty URL', { webhookUrl: '' }],
  ['a URL that is null', { webhook: { url: null }, documentation: WEBHOOK_URL }],
  ['nothing', {}],
])('A response with %s means that there is no webhook', async (_, body) =>
  expect(await readUrl(body)).toBeUndefined(),
);

describe('An error instead of the webhook', () => {
  const readWith = async (status: number, body: unknown) => {
    const failure = readErrorResponse(status, body);
    const send = async () => {
      throw toNodeApiError(NODE, failure, { action: 'Get webhook', creating: false });
    };
    const client: Client = { send, detached: () => client };
    return await readWebhookUrl(client, []);
  };
  const documented = { error: 'not_found', message: 'No webhook is configured' };

  it('means that there is none if it is the 404 of the service', async () =>
    expect(await readWith(404, documented)).toBeUndefined());

  it.each([400, 401, 403, 409, 410, 429, 500, 503])(
    'is an error with the status %i',
    async (status) => await expect(readWith(status, documented)).rejects.toThrow(`HTTP ${status}`),
  );

  it.each<[string, unknown]>([
    ['the web page of a proxy', '<!doctype html><title>404 Not Found</title>'],
    ['text', '404 page not found'],
    ['no body', undefined],
    ['JSON of another server', { statusCode: 404, message: 'Not Found' }],
    ['an error that is an object', { error: { code: 'not_found', message: 'Not found' } }],
    ['a list', [documented]],
  ])('is an error with the status 404 and %s', async (_, body) => {
    await expect(readWith(404, body)).rejects.toThrow('HTTP 404');
  });
});

it('The URL comes from the response, whatever the response is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.jsonValue(), anyText),
      fc.array(anyText),
      async (body, expected) => {
        const address = await readUrlOrRejection(body, expected);
        if (address === undefined || address === 'rejected') return;
        expect(address.startsWith('=')).toBe(false);
        expect(JSON.stringify(body)).toContain(JSON.stringify(address));
      },
    ),
    RUNS,
  );
});

/** Any JSON with the URL somewhere in it. */
const { anyWithUrl } = fc.letrec<{ anyWithUrl: unknown }>((tie) => {
  const key = fc.oneof(fc.string(), fc.constantFrom(...URL_KEYS, ...WEBHOOK_KEYS));
  return {
    anyWithUrl: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant(WEBHOOK_URL),
      fc
        .tuple(fc.array(fc.jsonValue()), tie('anyWithUrl'))
        .map(([others, inner]) => [...others, inner]),
      fc
        .tuple(key, tie('anyWithUrl'))
        .map(([name, inner]) => ({ status: 'ok', ...Object.fromEntries([[name, inner]]) })),
    ),
  };
});

it('A response with a URL anywhere does not mean that there is no webhook', async () => {
  await fc.assert(
    fc.asyncProperty(anyWithUrl, async (body) => {
      expect(await readUrlOrRejection(body)).toBeDefined();
    }),
    RUNS,
  );
});

const nested = (depth: number): unknown => {
  let value: unknown = WEBHOOK_URL;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};

it.each<[string, unknown]>([
  ['a URL that is none', { webhookUrl: 'elsewhere' }],
  ['a URL with another scheme', { webhookUrl: 'ftp://elsewhere.example' }],
  ['an expression', { webhookUrl: '={{ $json.password }}' }],
  ['a space before the URL', { webhook: { url: ` ${WEBHOOK_URL}` } }],
  ['a URL of more than 2 KB', { webhookUrl: `${WEBHOOK_URL}/${'x'.repeat(2048)}` }],
  ['a URL of more than 2 KB under another key', { callback: `${WEBHOOK_URL}/${'x'.repeat(2048)}` }],
  ['text instead of the webhook', { webhook: 'elsewhere' }],
  ['a number instead of the URL', { data: { url: 5 } }],
  ['an object without a URL', { webhookUrl: { host: 'elsewhere' } }],
  ['an error', { error: 'internal', message: 'Sorry' }],
  ['too many URLs', { list: Array.from({ length: 30 }, () => WEBHOOK_URL) }],
  ['too many values', { list: Array.from({ length: 150_000 }, () => 0) }],
  ['too many levels', { list: nested(100_000) }],
])(
  'A response with %s is not understood, which does not mean that there is no webhook',
  async (_, body) => {
    await expect(readUrl(body)).rejects.toThrow(NOT_UNDERSTOOD);
  },
);

const OWN = 'https://n8n.example/hook';

it.each<[string, unknown]>([
  ['a key that says URL', { targetUrl: WEBHOOK_URL, docs: OWN }],
  ['a key that says endpoint', { endpoint: { address: WEBHOOK_URL } }],
  ['a key that says webhook', { webhooks: [{ address: WEBHOOK_URL }], help: OWN }],
  ['an unknown key inside the webhook', { webhook: { to: WEBHOOK_URL, enabled: true } }],
  ['an unknown key inside data', { data: { to: WEBHOOK_URL } }],
  ['two such keys', { endpoint: WEBHOOK_URL, callback: WEBHOOK_URL }],
])('The webhook URL is found under %s', async (_, body) => {
  expect(await readUrl(body)).toBe(WEBHOOK_URL);
});

it.each<[string, unknown]>([
  ['documentation', { docs: WEBHOOK_URL }],
  ['the documentation of webhooks', { webhookDocsUrl: WEBHOOK_URL }],
  ['a webhook inside documentation', { documentation: { webhook: { url: WEBHOOK_URL } } }],
  ['an avatar', { webhook: { enabled: false }, agent: { avatarUrl: WEBHOOK_URL } }],
  ['a website inside data', { data: { agent: { website: WEBHOOK_URL } } }],
  ['an unknown key', { list: [{ to: WEBHOOK_URL }] }],
  ['a response that is only a URL', WEBHOOK_URL],
  ['two keys with different URLs', { endpoint: WEBHOOK_URL, callback: OWN }],
])('A URL under %s is not taken for the webhook, nor for no webhook', async (_, body) => {
  await expect(readUrl(body)).rejects.toThrow(NOT_UNDERSTOOD);
});

it('A URL that the webhook is known by is found under an unknown key, but not in documentation', async () => {
  const expected = [undefined, 'HTTPS://n8n.example:443/hook'];
  expect(await readUrl({ docs: WEBHOOK_URL, list: [{ to: OWN }] }, expected)).toBe(OWN);
  expect(await readUrl({ endpoint: WEBHOOK_URL, callback: OWN }, expected)).toBe(OWN);
  await expect(readUrl({ docs: OWN }, expected)).rejects.toThrow(NOT_UNDERSTOOD);
});

describe('The agent', () => {
  it('The ID and the handle of the agent are read', async () => {
    expect(await readAgent(respondingWith({ agent: { id: 5, handle: '@ada_bot' } }))).toEqual({
      id: '5',
      handle: '@ada_bot',
    });
  });

  it.each(['', ' ', 'x'.repeat(201), 'a\0b', '\ud800', {}, null, 1.5])(
    'The ID and the handle are not read from %p',
    async (value) => {
      const body = { id: value, handle: value };
      expect(await readAgent(respondingWith(body))).toEqual({ id: '', handle: '' });
    },
  );
});

describe('The signing secret', () => {
  const secretIn = async (webhookSecret: unknown) =>
    await registerWebhook(respondingWith({ webhookSecret }), WEBHOOK_URL);

  it.each(['whsec_1', '={{ $env }}', 'schlüssel 1', 'x'.repeat(4096)])(
    'The text %s is a secret',
    async (secret) => expect(await secretIn(secret)).toBe(secret),
  );

  it.each(['', '  ', 'x'.repeat(4097), 'ü'.repeat(2049), 'a\nb', '\0', '\ud800', 5, {}, null])(
    'The value %p is not a secret',
    async (secret) => expect(await secretIn(secret)).toBeUndefined(),
  );
});

it.each([
  [setWebhookUrl, {}],
  [registerWebhook, { regenerateSecret: true }],
])(
  '%p sends the URL as n8n has it: with a service on this machine, it may be http',
  async (act, more) => {
    const send = jest.fn(async () => ({ status: 200, body: {} }));
    const client: Client = { send, detached: () => client };
    const webhookUrl = 'http://localhost:5678/webhook/1';
    await act(client, webhookUrl);
    expect(send.mock.calls).toEqual([[expect.objectContaining({ body: { webhookUrl, ...more } })]]);
  },
);
