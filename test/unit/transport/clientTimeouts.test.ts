/** How long a request may take, until its response is complete. */
import { Readable } from 'node:stream';
import { resetProcess } from '../../../credentials/memory/processMap';
import type { ApiRequest } from '../../../nodes/ImagineAnything/transport/apiRequest';
import { type ClientSettings, openClient } from '../../../nodes/ImagineAnything/transport/client';
import { deadlineIn } from '../../../credentials/http/deadline';
import { elapsed, finish, useClock } from './support/clock';
import { FakeN8n } from './support/n8n';
import { FEED, LIKE, POST, signedIn, upload } from './support/requests';

useClock();
beforeEach(resetProcess);

/** Sends a request to a service that never responds. */
async function unanswered(request: ApiRequest, settings?: ClientSettings) {
  const n8n = new FakeN8n({ credential: signedIn(), service: () => ({ after: 1e8 }) });
  return { n8n, ...(await finish((await openClient(n8n.context, settings)).send(request))) };
}

it.each<[string, ApiRequest, attempts: number, seconds: number]>([
  ['a read', FEED, 4, 60],
  ['an idempotent write', LIKE, 4, 60],
  ['a write that creates something', POST, 1, 60],
  // 1 Mbit/s
  ['an upload of 1 MB', upload(1_000_000), 1, 68],
  ['an upload of 50 MB', upload(50_000_000), 1, 460],
])(
  '%s waits as long as it takes at 1 Mbit/s, and a minute',
  async (_, request, attempts, seconds) => {
    const { n8n, error, at } = await unanswered(request);
    const delays = attempts === 4 ? 300 + 600 + 1200 : 0;

    expect(error?.message).toBe(
      `${request.action}: no complete response arrived within ${seconds} seconds (ETIMEDOUT)`,
    );
    expect(at).toBe(attempts * seconds * 1000 + delays);
    expect(n8n.sent).toHaveLength(attempts);
    expect(n8n.sent[0].options.timeout).toBe(seconds * 1000);
  },
);

it.each([FEED, POST, upload(1_000_000)])(
  'a timeout of the caller replaces it: $action',
  async (request) => {
    const { n8n, error } = await unanswered(request, { maxWaitMs: 0, timeoutMs: 1234.5 });

    expect(error?.message).toContain('no complete response arrived within 1.2 seconds');
    expect(n8n.sent).toHaveLength(1);
    // The HTTP library takes whole milliseconds.
    expect(n8n.sent[0].options.timeout).toBe(1235);
    expect(elapsed()).toBe(1235);
  },
);

it('a deadline ends an attempt, and there is no other', async () => {
  const { n8n, error, at } = await unanswered({ ...FEED, deadline: deadlineIn(5000) });

  expect(error?.message).toContain('no complete response arrived within 5 seconds');
  expect(at).toBe(5000);
  expect(n8n.sent).toHaveLength(1);
});

it('a deadline leaves an attempt its timeout', async () => {
  const { at } = await unanswered({ ...POST, deadline: deadlineIn(100_000) });
  expect(at).toBe(60_000);
});

it('a deadline cuts the last of several attempts short', async () => {
  const { n8n, at } = await unanswered({ ...FEED, deadline: deadlineIn(100_000) });

  expect(n8n.times).toEqual([0, 60_300]);
  expect(at).toBe(100_000);
});

it.each<[string, Partial<ClientSettings>, Partial<ApiRequest>]>([
  ['of the client', { deadline: { at: 0 } }, {}],
  ['of the request', {}, { deadline: { at: 0 } }],
])('nothing is sent after a deadline: %s', async (_, ofClient, ofRequest) => {
  const { n8n, error, at } = await unanswered(
    { ...FEED, ...ofRequest },
    { maxWaitMs: 1000, ...ofClient },
  );

  expect(error?.message).toBe('Get feed: time ran out before the request was sent');
  expect(error?.description).toBe('Nothing was sent. Allow more time for the operation.');
  expect(error?.context).toMatchObject({ mayHaveHadEffect: false });
  expect(at).toBe(0);
  expect([...n8n.sent, ...n8n.signIns]).toEqual([]);
});

it('a body that never ends is given up, and the connection closed', async () => {
  const n8n = new FakeN8n({ credential: signedIn() });
  const body = new Readable({ read() {} });
  jest
    .spyOn(n8n.context.helpers, 'httpRequestWithAuthentication')
    .mockResolvedValue({ statusCode: 200, headers: {}, body });
  const { error, at } = await finish((await openClient(n8n.context)).send(POST));

  expect(error?.message).toContain('no complete response arrived within 60 seconds');
  expect(error?.context).toMatchObject({ mayHaveHadEffect: true });
  expect(at).toBe(60_000);
  expect(body.destroyed).toBe(true);
});
