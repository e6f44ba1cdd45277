/** A token exchange without a response, or with one that cannot be read, and what no error may have in it. */
import { Readable } from 'node:stream';
import { resetProcess } from '../../../credentials/memory/processMap';
import { exchangeToken } from '../../../credentials/tokenExchange';
import { finish, pass, useClock } from '../transport/support/clock';
import { AGENT } from '../transport/support/n8n';
import { exchange, REFUSED } from './exchange';

useClock();
beforeEach(resetProcess);

describe('secrets', () => {
  const secrets = ['secret-of-the-client', 'old-refresh-token', 'Bearer in-the-config'];
  const shown = (error?: Error) =>
    [error?.message, JSON.stringify(error), String(error?.cause)].join() +
    JSON.stringify(Object.entries(error ?? {}));

  it('are in no refusal, even where they are cut', async () => {
    const said = { error: 'bad', message: `${'y'.repeat(280)} ${secrets.join(' ')}` };
    const answers = [REFUSED, { status: 400, body: said }];
    const { error } = await exchange(answers, 'old-refresh-token');
    for (const secret of secrets.slice(0, 2)) {
      expect(shown(error)).not.toContain(secret.slice(0, 10));
    }
  });

  it('are in no error of the network', async () => {
    const config = { headers: { Authorization: secrets[2] }, data: secrets[0] };
    const throws = { code: 'ECONNRESET', message: secrets.join(' '), config, cause: { config } };
    const { error } = await exchange([{ throws }], 'old-refresh-token');
    for (const secret of secrets) expect(shown(error)).not.toContain(secret);
  });
});

describe('no response', () => {
  it.each<[string, object, RegExp, RegExp]>([
    [
      'ECONNREFUSED',
      { code: 'ECONNREFUSED' },
      /at https:\/\/imagineanything\.com to sign in: the connection was refused\. Check the base URL/,
      /that the service is running/,
    ],
    [
      'ECONNRESET',
      { code: 'ECONNRESET' },
      /the connection was lost before a response arrived\. Check/,
      /^Check the base URL of the credential and the network\.$/,
    ],
    [
      'no code',
      { message: 'x' },
      /the connection was lost before a response arrived/,
      /the network/,
    ],
    [
      'HPE_INVALID_CONSTANT',
      { code: 'HPE_INVALID_CONSTANT' },
      /^The sign-in response from https:\/\/imagineanything\.com cannot be used: the response is malformed or too large\. Check/,
      /may not be the ImagineAnything service/,
    ],
    [
      'domains',
      { message: 'Domain not allowed: x' },
      /^n8n blocked the sign-in at https:\/\/imagineanything\.com: the "Allowed Domains" of the credential do not include imagineanything\.com$/,
      /^Add imagineanything\.com/,
    ],
    [
      'no domains',
      { message: 'No allowed domains specified' },
      /^n8n blocked .*Allowed Domains/,
      /^Add/,
    ],
    [
      'a blocked address',
      { message: 'The request was blocked because' },
      /does not allow requests to internal addresses$/,
      /administrator to allow imagineanything\.com/,
    ],
    [
      'words of another kind',
      { message: 'x The request was blocked' },
      /could not be reached/,
      /network/,
    ],
  ])('because of %s is explained', async (_, throws, message, description) => {
    const { error } = await exchange([{ throws }]);
    expect(error?.message).toMatch(message);
    expect(error?.description).toMatch(description);
    expect(error?.httpStatus).toBe(0);
  });

  it('within 30 seconds, both requests together, ends the exchange', async () => {
    const httpRequest = jest.fn(async () => {
      await new Promise((next) => setTimeout(next, 20_000));
      return { statusCode: 401, headers: {}, body: {} };
    });
    const { error, at } = await finish(exchangeToken(httpRequest as never, { ...AGENT }, 'old'));
    await pass(100_000);

    expect(error?.message).toContain('no complete response arrived within 30 seconds');
    expect(at).toBe(30_000);
    expect(httpRequest).toHaveBeenCalledTimes(2);
  });

  it('to its end is an error of its own where the status is one of success', async () => {
    const body = Readable.from([Buffer.alloc(65_537, 'x')]);
    const { error } = await exchange([{ body }]);
    expect(error?.message).toContain('cannot be used: the response is larger than 64 KB');
    expect(error?.httpStatus).toBe(200);
  });
});
