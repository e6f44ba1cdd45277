/** Sign-ins keep to the rate limit: all agents of a base URL count together. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import { SignInError } from '../../../credentials/signInError';
import { exchangeToken } from '../../../credentials/tokenExchange';
import { elapsed, finish, follow, pass, START, useClock } from '../transport/support/clock';
import { AGENT } from '../transport/support/n8n';

useClock();
beforeEach(resetProcess);

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  after?: number;
}

/** A service that answers one thing after the other, and then gives tokens. */
function service(...answers: Answer[]) {
  const sent: Array<{ at: number; grant: string }> = [];
  const httpRequest = async ({ body }: { body: Record<string, string> }) => {
    sent.push({ at: elapsed(), grant: body.grant_type });
    const { status = 200, headers = {}, after = 0 } = answers[sent.length - 1] ?? {};
    if (after > 0) await new Promise((next) => setTimeout(next, after));
    return { statusCode: status, headers, body: status === 200 ? { access_token: 't' } : {} };
  };
  const exchange = async (
    changes: ICredentialDataDecryptedObject = {},
    refreshToken = '',
    turnMs?: number,
  ) => await exchangeToken(httpRequest as never, { ...AGENT, ...changes }, refreshToken, turnMs);
  return { sent, exchange };
}

const limit = (remaining: number, resetAt: number, more = {}) => ({
  'x-ratelimit-limit': '10',
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String((START + resetAt) / 1000),
  ...more,
});

const other = { clientId: 'another' };

describe('a sign-in', () => {
  it('waits while the sign-ins of other agents have used up the limit', async () => {
    const { exchange, sent } = service({ headers: limit(0, 12_000) });
    await finish(exchange());
    const { value } = await finish(exchange(other));

    expect(value?.accessToken).toBe('t');
    expect(sent.map(({ at }) => at)).toEqual([0, 12_000]);
  });

  it('waits for a service that refused another one', async () => {
    const { exchange, sent } = service({ status: 429, headers: { 'retry-after': '12' } });
    await finish(exchange());
    await finish(exchange(other));

    expect(sent.map(({ at }) => at)).toEqual([0, 12_000]);
  });

  it('pauses a moment after a refusal that names no time', async () => {
    const { exchange, sent } = service({ status: 429 });
    await finish(exchange());
    await finish(exchange(other));

    expect(sent.map(({ at }) => at)).toEqual([0, 1000]);
  });

  it.each([
    ['by default', undefined, 15_000],
    ['where its caller comes back itself', 0, 0],
  ])('does not wait longer than it may: %s', async (_, turnMs, longest) => {
    const { exchange, sent } = service({ headers: limit(0, longest + 1000) });
    await finish(exchange());
    const begun = elapsed();
    const { error, at } = await finish(exchange(other, '', turnMs));

    expect(error).toBeInstanceOf(SignInError);
    expect(error?.message).toBe(
      `The sign-in was not sent, because the sign-ins and registrations that ImagineAnything allows per minute are used up. Try again in ${longest / 1000 + 1} seconds.`,
    );
    expect(error).toMatchObject({ httpStatus: 429, retryAfter: { ms: longest + 1000 - begun } });
    expect(at).toBe(begun);
    expect(sent).toHaveLength(1);
  });

  it('does not wait for others of which nobody knows how long they take', async () => {
    const slow = Array<Answer>(10).fill({ after: 5000 });
    const { exchange, sent } = service(...slow);
    const agents = Array.from({ length: 10 }, (_, index) => ({ clientId: `agent ${index}` }));
    const others = agents.map((agent) => follow(exchange(agent)));
    await pass(0);
    const { error, at } = await finish(exchange({}, '', 0));

    expect(error?.message).toContain('are used up. Try again in a moment.');
    expect(error).toMatchObject({ httpStatus: 429, retryAfter: undefined });
    expect(at).toBe(0);
    expect(sent).toHaveLength(10);
    await pass(5000);
    expect(others.every(({ value }) => value?.accessToken === 't')).toBe(true);
  });

  it('at another base URL has a limit of its own', async () => {
    const { exchange, sent } = service({ headers: limit(0, 60_000) });
    await finish(exchange());
    const { at } = await finish(exchange({ baseUrl: 'https://other.test' }));

    expect(at).toBe(sent[0].at);
  });

  it.each(['auth', 'sign-in'])(
    'is counted in the bucket that the service names: %s',
    async (name) => {
      const headers = limit(0, 12_000, { 'x-ratelimit-endpoint-type': name });
      const { exchange, sent } = service({ headers });
      await finish(exchange());
      await finish(exchange(other));

      expect(sent.map(({ at }) => at)).toEqual([0, 12_000]);
    },
  );
});

describe('a refresh token that the service refused', () => {
  const refused = { status: 400, headers: limit(0, 40_000) };

  it('is not sent again where the client credentials had to wait for their turn', async () => {
    const { exchange, sent } = service(refused);
    const first = await finish(exchange({}, 'old', 0));
    expect(first.error).toMatchObject({ httpStatus: 429 });
    await pass(40_000);
    await finish(exchange({}, 'old', 0));

    expect(sent.map(({ grant }) => grant)).toEqual(['refresh_token', 'client_credentials']);
  });

  it('does not keep another agent, or a newer one, from being sent', async () => {
    const { exchange, sent } = service(refused);
    await finish(exchange({}, 'old', 0));
    await pass(60_000);
    await finish(exchange({}, 'newer'));
    await finish(exchange(other, 'old'));

    expect(sent.map(({ grant }) => grant)).toEqual(Array(3).fill('refresh_token'));
  });

  it('is one that was answered with a refusal, not with a failure of the service', async () => {
    const { exchange, sent } = service({ status: 500 }, { status: 500 });
    await finish(exchange({}, 'old'));
    await finish(exchange({}, 'old'));

    expect(sent.map(({ grant }) => grant)).toEqual([
      'refresh_token',
      'client_credentials',
      'refresh_token',
    ]);
  });
});
