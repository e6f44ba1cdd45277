import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type * as processMap from '../../credentials/memory/processMap';
import { shown } from '../operations/fixture';
import { anyText, RUNS } from '../unit/properties';
import { useN8n } from './support/useN8n';

/** What the built package remembers, which a restart of n8n forgets. */
const { resetProcess } = jest.requireActual<typeof processMap>(
  '../../dist/credentials/memory/processMap',
);

const PASSWORD = 'hunter2-in-the-items';

/** What n8n would evaluate if it stood at the beginning of a stored text. */
const expression = fc
  .tuple(
    fc.constantFrom('=', '={{', ' ={{', '{{', '={{ 1 }}{{', '={{(() => {', '="', '={"'),
    fc.constantFrom(
      '$json.password',
      'JSON.stringify($input.all())',
      '$input.first().json.password',
      '$("Items").item.json.password',
      '$env.HOME',
      '$credentials.clientSecret',
      'throw new Error()',
    ),
    fc.constantFrom('}}', ' }}', '})()}}', '', '"}'),
  )
  .map((parts) => parts.join(''));

const said = fc.oneof({ weight: 3, arbitrary: expression }, anyText, fc.jsonValue());

interface TokenAnswer {
  /** Whether the access token is one that the service takes. */
  isGood: boolean;
  accessToken: unknown;
  rest: IDataObject;
}

const tokenAnswer: fc.Arbitrary<TokenAnswer> = fc.record({
  isGood: fc.boolean(),
  accessToken: said,
  rest: fc.record(
    { refresh_token: said, expires_in: said, token_type: said, session: said, webhook: said },
    { requiredKeys: [] },
  ) as fc.Arbitrary<IDataObject>,
});

describe('what the service says when it gives a token', () => {
  const { n8n, sandbox } = useN8n();
  let count = 0;

  /** Runs the node as an n8n that has just started, with the password in its item. */
  async function run(credential: string): Promise<unknown> {
    resetProcess();
    const { json, error } = await n8n.run({
      credential,
      parameters: { resource: 'profile', operation: 'get' },
      input: [{ json: { password: PASSWORD } }],
    });
    return error?.message ?? json[0]?.handle;
  }

  it('is stored and read again without being evaluated, and does no lasting harm', async () => {
    await fc.assert(
      fc.asyncProperty(tokenAnswer, async ({ isGood, accessToken, rest }) => {
        const handle = `agent${(count += 1)}`;
        const agent = sandbox.registerAgent({ handle, name: handle });
        n8n.saveCredential(handle, { ...agent, baseUrl: sandbox.url });
        sandbox.requests.clear();
        const access_token = isGood ? sandbox.issueToken(handle).accessToken : accessToken;
        sandbox.faults.add({
          match: { operationId: 'authToken' },
          times: Infinity,
          fault: {
            kind: 'content-type',
            contentType: 'application/json',
            body: JSON.stringify({ ...rest, access_token }),
          },
        });
        const first = await run(handle);
        const second = await run(handle);
        const me = shown({ sandbox }, agent);
        if (isGood) expect([first, second]).toEqual([me, me]);

        sandbox.faults.clear();
        sandbox.expireTokens(handle);
        expect(await run(handle)).toBe(me);
        const received = sandbox.requests.map(({ path, query, headers, body }) =>
          JSON.stringify([path, query, headers, body]),
        );
        expect(received.join('\n')).not.toContain(PASSWORD);
      }),
      { numRuns: RUNS.numRuns / 50 },
    );
  }, 300_000);
});
