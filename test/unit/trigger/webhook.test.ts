import fc from 'fast-check';
import type { Client } from '../../../nodes/ImagineAnything/transport/client';
import { ADDRESS_KEYS, WEBHOOK_KEYS } from '../../../nodes/ImagineAnything/trigger/assumptions';
import { readAddress } from '../../../nodes/ImagineAnything/trigger/webhook';
import { anyText, RUNS } from '../properties';

const ADDRESS = 'https://elsewhere.example/hook';

async function addressIn(body: unknown, expected: readonly unknown[] = []) {
  const client: Client = { send: async () => ({ status: 200, body }), detached: () => client };
  return await readAddress(client, expected);
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
        const address = await addressIn(body, expected);
        if (address !== undefined) expect(JSON.stringify(body)).toContain(JSON.stringify(address));
      },
    ),
    RUNS,
  );
});

/** Any JSON, with the address somewhere in it. */
const { anyHolder } = fc.letrec<{ anyHolder: unknown }>((tie) => {
  const key = fc.oneof(fc.string(), fc.constantFrom(...ADDRESS_KEYS, ...WEBHOOK_KEYS));
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
      expect(await addressIn(body)).toBeDefined();
    }),
    RUNS,
  );
});
