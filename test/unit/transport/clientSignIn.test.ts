/** Which token goes with a request, and what happens when there is none or the service refuses it. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import { readTokenSet } from '../../../credentials/tokenSet';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { deadlineIn } from '../../../credentials/http/deadline';
import { elapsed, finish, follow, pass, START, useClock } from './support/clock';
import { AGENT, type Answer, FakeN8n, type Service } from './support/n8n';
import { FEED, LIKE, POST, signedIn, upload } from './support/requests';

useClock();
beforeEach(resetProcess);

/** A service that accepts some tokens only. */
const accepting =
  (...tokens: string[]): Service =>
  ({ token = '' }) =>
    tokens.includes(token) ? {} : { status: 401, body: { error: 'invalid_token' } };

describe('a credential', () => {
  it.each<[string, ICredentialDataDecryptedObject, grant: string]>([
    ['without a token', { ...AGENT, sessionToken: '', session: '' }, 'client_credentials'],
    ['with a token that has expired', signedIn({ expiresAt: START }), 'refresh_token'],
    ['with the token of another', signedIn({ issuedFor: 'x' }), 'client_credentials'],
  ])('%s gets one first, which n8n stores', async (_, credential, grant) => {
    const n8n = new FakeN8n({ credential });
    const { error } = await finish((await openClient(n8n.context)).send(POST));

    expect(error).toBeUndefined();
    expect(n8n.signIns).toMatchObject([{ body: { grant_type: grant } }]);
    expect(n8n.sent.map(({ token }) => token)).toEqual(['token-1']);
    expect(readTokenSet(n8n.stored ?? {})).toMatchObject({
      accessToken: 'token-1',
      refreshToken: 'refresh-1',
      expiresAt: START + 3_600_000,
    });
  });

  it('with a token that is good for a moment uses it, and another one after that', async () => {
    const n8n = new FakeN8n({ credential: signedIn({ expiresAt: START + 1000 }) });
    const client = await openClient(n8n.context);
    await finish(client.send(FEED));
    await pass(1000);
    await finish(client.send(FEED));

    expect(n8n.sent.map(({ token }) => token)).toEqual(['stored', 'token-1']);
  });

  it('is stored once, however many requests wait for its token', async () => {
    const signIn = (): Answer => ({ after: 500, body: { access_token: 'fresh', expires_in: 60 } });
    const n8n = new FakeN8n({ credential: { ...AGENT }, signIn });
    const client = await openClient(n8n.context);
    const work = [FEED, FEED, LIKE].map((request) => follow(client.send(request)));
    await pass(500);

    expect(work.map(({ at }) => at)).toEqual([500, 500, 500]);
    expect(n8n.signIns).toHaveLength(1);
    expect(n8n.sent.map(({ token }) => token)).toEqual(['fresh', 'fresh', 'fresh']);
    expect(n8n.stores).toBe(1);
  });
});

describe('a token that the service refuses', () => {
  it.each([
    ['a read', FEED],
    ['a write that creates something', POST],
  ])('is renewed once, and the request sent again at once: %s', async (_, request) => {
    const n8n = new FakeN8n({ credential: signedIn(), service: accepting('token-1') });
    const { value } = await finish((await openClient(n8n.context)).send(request));

    expect(value?.status).toBe(200);
    expect(n8n.sent.map(({ token }) => token)).toEqual(['stored', 'token-1']);
    expect(n8n.times).toEqual([0, 0]);
    expect(n8n.signIns).toMatchObject([{ body: { refresh_token: 'refresh-stored' } }]);
    expect(n8n.stored?.sessionToken).toBe('token-1');
  });

  it('is not renewed again when the new one is refused, too', async () => {
    const n8n = new FakeN8n({ credential: signedIn(), service: accepting() });
    const { error } = await finish((await openClient(n8n.context)).send(FEED));

    expect(error?.context).toMatchObject({ httpStatus: 401, mayHaveHadEffect: false });
    expect(error?.description).toContain('The service rejected the credential "My agent".');
    expect(n8n.sent.map(({ token }) => token)).toEqual(['stored', 'token-1']);
    expect(n8n.signIns).toHaveLength(1);
  });

  it('takes no retry from the faults', async () => {
    const faulty: Service = (sent) =>
      sent.token === 'stored' ? accepting()(sent) : { status: 500 };
    const n8n = new FakeN8n({ credential: signedIn(), service: faulty });
    await finish((await openClient(n8n.context)).send(FEED));

    expect(n8n.times).toEqual([0, 0, 300, 900, 2100]);
  });

  it('is not used again by another execution that still has it stored', async () => {
    const service = accepting('token-1');
    const first = new FakeN8n({ credential: signedIn(), service });
    await finish((await openClient(first.context)).send(FEED));
    const second = new FakeN8n({ credential: signedIn(), service });
    await finish((await openClient(second.context)).send(FEED));

    expect(second.sent.at(-1)?.token).toBe('token-1');
    expect(second.signIns).toEqual([]);
  });

  it('is renewed by one sign-in for all requests that meet the refusal', async () => {
    const service: Service = (sent) => ({ ...accepting('token-1')(sent), after: 100 });
    const n8n = new FakeN8n({ credential: signedIn(), service });
    const client = await openClient(n8n.context);
    const work = Array.from({ length: 10 }, () => follow(client.send(FEED)));
    await pass(1000);

    expect(work.every(({ value }) => value?.status === 200)).toBe(true);
    expect(n8n.signIns).toHaveLength(1);
  });

  it('is no reason for a sign-in where the request had none', async () => {
    const n8n = new FakeN8n({ credential: signedIn(), service: accepting() });
    const { error } = await finish(
      (await openClient(n8n.context)).send({ ...FEED, token: 'never' }),
    );

    expect(error?.context).toMatchObject({ httpStatus: 401 });
    expect(n8n.signIns).toEqual([]);
    expect(n8n.sent).toHaveLength(1);
  });
});

describe('a sign-in that fails', () => {
  const credential = { ...AGENT };

  it.each<[string, Answer, times: number[]]>([
    ['429', { status: 429, headers: { 'retry-after': '5' } }, [0, 5000]],
    ['500', { status: 500 }, [0, 300]],
    ['503', { status: 503 }, [0, 300]],
    ['503 with a time', { status: 503, headers: { 'retry-after': '5' } }, [0, 300]],
    ['a lost connection', { breaks: 'ECONNRESET' }, [0, 300]],
    ['a response that is too slow', { after: 31_000 }, [0, 30_300]],
  ])('for a passing reason is repeated, and nothing sent: %s', async (_, answer, times) => {
    const n8n: FakeN8n = new FakeN8n({
      credential,
      signIn: () => (n8n.signIns.length === 1 ? answer : undefined),
    });
    const { value } = await finish((await openClient(n8n.context)).send(POST));

    expect(value?.status).toBe(200);
    expect(n8n.signIns.map(({ at }) => at)).toEqual(times);
    expect(n8n.times).toEqual([times[1]]);
  });

  it('for good is not repeated, and nothing sent', async () => {
    const body = { error: 'invalid_client', error_description: 'Unknown client.' };
    const n8n = new FakeN8n({ credential, signIn: () => ({ status: 401, body }) });
    const { error } = await finish((await openClient(n8n.context)).send(POST));

    expect(error?.message).toContain('rejected the credential: invalid_client: Unknown client.');
    expect(error?.context).toMatchObject({ mayHaveHadEffect: false });
    expect(n8n.signIns).toHaveLength(1);
    expect(n8n.sent).toEqual([]);
  });

  it('does not hold back other requests of the agent by its limit', async () => {
    const headers = { 'retry-after': '50' };
    const n8n = new FakeN8n({ credential, signIn: () => ({ status: 429, headers }) });
    const waiting = follow((await openClient(n8n.context)).send(FEED));
    await pass(1000);
    const other = new FakeN8n({ credential: signedIn() });
    const begun = elapsed();

    expect((await finish((await openClient(other.context)).send(FEED))).at).toBe(begun);
    expect(waiting.at).toBeUndefined();
  });

  it('by the timeout of the request says so, and that nothing was sent', async () => {
    const n8n = new FakeN8n({ credential, signIn: () => ({ after: 20_000 }) });
    const client = await openClient(n8n.context, { maxWaitMs: 0, timeoutMs: 5000 });
    const { error, at } = await finish(client.send(POST));

    expect(error?.message).toBe('Create post: the sign-in did not finish within 5 seconds');
    expect(error?.context).toMatchObject({ mayHaveHadEffect: false });
    expect(at).toBe(5000);
    await pass(60_000);
    expect(n8n.sent).toEqual([]);
  });

  it('stays within the domains that are allowed to the credential', async () => {
    const limitsOf = async (more: Record<string, string>) => {
      resetProcess();
      const n8n = new FakeN8n({ credential: { ...AGENT, ...more } });
      await finish((await openClient(n8n.context)).send(FEED));
      return n8n.signIns[0].options.allowedDomains;
    };
    expect(await limitsOf({})).toBeUndefined();
    expect(await limitsOf({ allowedHttpRequestDomains: 'all', allowedDomains: 'x' })).toBe(
      undefined,
    );
    const mode = { allowedHttpRequestDomains: 'domains' };
    expect(await limitsOf({ ...mode, allowedDomains: ' a.example ' })).toBe('a.example');
    // n8n takes an empty text for no limit.
    expect(await limitsOf({ ...mode, allowedDomains: ' ' })).toBe(',');
    expect(await limitsOf(mode)).toBe(',');
  });
});

describe('an upload that breaks off', () => {
  const broken: Answer = { breaks: 'EPIPE', taken: 65_536 };

  it('asks whether the token was refused, and renews it first', async () => {
    const service: Service = (sent) => {
      if (sent.token !== 'stored') return {};
      return sent.line.startsWith('POST') ? broken : { status: 401 };
    };
    const n8n = new FakeN8n({ credential: signedIn(), service });
    const { value } = await finish((await openClient(n8n.context)).send(upload(100_000)));

    expect(value?.status).toBe(200);
    expect(n8n.sent.map(({ line, token }) => `${token}: ${line}`)).toEqual([
      'stored: POST /api/upload',
      'stored: GET /api/agents/me',
      'token-1: GET /api/agents/me',
      'token-1: POST /api/upload',
    ]);
  });

  it('is given up when the credential is the reason', async () => {
    const service: Service = ({ line }) => (line.startsWith('POST') ? broken : { status: 401 });
    const n8n = new FakeN8n({ credential: signedIn(), service });
    const { error } = await finish((await openClient(n8n.context)).send(upload(100_000)));

    expect(error?.message).toContain('Upload file: ');
    expect(error?.context).toMatchObject({ httpStatus: 401 });
    expect(n8n.lines.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('is over with the deadline, whatever it asks', async () => {
    const service: Service = ({ line }) => (line.startsWith('POST') ? broken : { after: 1e6 });
    const n8n = new FakeN8n({ credential: signedIn(), service });
    const request = { ...upload(100_000), deadline: deadlineIn(5000) };
    const { at } = await finish((await openClient(n8n.context)).send(request));

    expect(at).toBe(5000);
    expect(n8n.lines).toEqual(['POST /api/upload', 'GET /api/agents/me']);
  });

  it('is repeated when the small request fails for another reason', async () => {
    const service: Service = ({ line, at }) => {
      if (line.startsWith('GET')) return { status: 404 };
      return at === 0 ? broken : {};
    };
    const n8n = new FakeN8n({ credential: signedIn(), service });
    const { value } = await finish((await openClient(n8n.context)).send(upload(100_000)));

    expect(value?.status).toBe(200);
  });
});

describe('fields to store with the credential', () => {
  it('are saved on a small request, with the token that is there', async () => {
    const n8n = new FakeN8n({ credential: signedIn() });
    const client = await openClient(n8n.context);
    const { error } = await finish(client.storeFields({ webhook: '{"secret":"x"}' }));

    expect(error).toBeUndefined();
    expect(n8n.sent).toMatchObject([{ line: 'GET /api/agents/me', token: 'stored' }]);
    expect(n8n.stored).toMatchObject({ webhook: '{"secret":"x"}', sessionToken: 'stored' });
    expect(readTokenSet(n8n.stored ?? {})?.refreshToken).toBe('refresh-stored');
    expect(n8n.signIns).toEqual([]);
  });

  it('are an error when the request fails', async () => {
    const n8n = new FakeN8n({ credential: signedIn(), service: () => ({ status: 403 }) });
    const { error } = await finish((await openClient(n8n.context)).storeFields({ webhook: '' }));

    expect(error?.message).toMatch(/^Save to the credential: .*\(HTTP 403\)$/);
  });

  it('are not saved with other requests', async () => {
    const n8n = new FakeN8n({ credential: signedIn() });
    await finish((await openClient(n8n.context)).send(FEED));

    expect(n8n.stores).toBe(0);
  });
});
