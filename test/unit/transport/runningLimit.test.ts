/** A refusal because three generations are running, told from one because of too many requests. */
import { resetProcess } from '../../../credentials/memory/processMap';
import { endpointOf, type Operation } from '../../../nodes/ImagineAnything/engine/operation';
import { buildRequest } from '../../../nodes/ImagineAnything/engine/buildRequest';
import { generation } from '../../../nodes/ImagineAnything/resources/generation';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import type { Failure } from '../../../nodes/ImagineAnything/transport/failure';
import { meetsRunningLimit } from '../../../nodes/ImagineAnything/transport/runningLimit';
import { elapsed, finish, START, useClock } from './support/clock';
import { type Answer, FakeN8n } from './support/n8n';
import { LIKE, signedIn } from './support/requests';

useClock();
beforeEach(resetProcess);

const named = (name: string) =>
  generation.operations.find((each) => each.name === name) as Operation;
const START_JOB = buildRequest(named('Start'), new Map([['prompt', 'A cat']]));
const RETRY_JOB = buildRequest(named('Retry'), new Map([['job', 'j1']]));

const writes = (remaining: number, limit = 30) => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String((START + 40_000) / 1000),
});

/** Sends a request that is answered like this at first, and a like after it. */
async function send(answer: Answer, request = START_JOB) {
  const n8n: FakeN8n = new FakeN8n({
    credential: signedIn(),
    service: () => (n8n.sent.length === 1 ? answer : undefined),
  });
  const client = await openClient(n8n.context);
  const outcome = await finish(client.send(request));
  const begun = elapsed();
  const like = await finish(client.send(LIKE));
  return { ...outcome, sent: n8n.lines.length - 1, likeWaits: (like.at ?? Infinity) - begun };
}

const JOBS = { error: 'too_many_jobs', message: 'At most 3 generation jobs at a time' };
const PUBLISHED = { error: 'rate_limit_exceeded', message: 'Too many requests', retryAfter: 40 };

describe('a refusal of a fourth job', () => {
  it.each<[string, Answer]>([
    ['400', { status: 400, body: JOBS }],
    ['403', { status: 403, body: JOBS }],
    ['409', { status: 409, body: JOBS }],
    ['422', { status: 422, body: JOBS }],
    ['429 without headers', { status: 429, body: JOBS }],
    [
      '429 that says how long to wait',
      { status: 429, body: JOBS, headers: { 'retry-after': '60' } },
    ],
    ['429 with room for requests', { status: 429, body: JOBS, headers: writes(12) }],
    ['429 of the last request of the minute', { status: 429, body: JOBS, headers: writes(0) }],
    ['429 with the headers of the jobs', { status: 429, body: JOBS, headers: writes(0, 3) }],
    ['429 with room, and no word', { status: 429, headers: writes(12) }],
    ['429 with a code of its own', { status: 429, body: { error: 'concurrency_limit' } }],
    [
      '429 with the code of the rate limit',
      { status: 429, body: { ...PUBLISHED, message: 'Maximum 3 concurrent generations' } },
    ],
    ['a sentence', { status: 400, body: { error: 'You already have three active generations' } }],
    ['the name of the limit', { status: 403, body: { error: 'job_limit_reached' } }],
  ])('is not repeated, holds back nothing, and says what to do: %s', async (_, answer) => {
    for (const request of [START_JOB, RETRY_JOB]) {
      resetProcess();
      const { error, sent, likeWaits } = await send(answer, request);

      expect(error?.description).toMatch(/^ImagineAnything runs at most three generations /);
      expect(error?.context).toMatchObject({ httpStatus: answer.status, mayHaveHadEffect: false });
      expect(sent).toBe(1);
      expect(likeWaits).toBe(0);
    }
  });

  it('teaches nothing: neither another limit, nor another bucket', async () => {
    const headers = { ...writes(0, 3), 'x-ratelimit-endpoint-type': 'generation' };
    const n8n = new FakeN8n({
      credential: signedIn(),
      service: () => ({ status: 429, body: JOBS, headers }),
    });
    const client = await openClient(n8n.context);
    for (let times = 0; times < 5; times += 1) await finish(client.send(START_JOB));

    expect(n8n.times).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('a refusal of a job for another reason', () => {
  it.each<[string, Answer]>([
    ['as published', { status: 429, body: PUBLISHED, headers: writes(0) }],
    ['with room by then', { status: 429, body: PUBLISHED, headers: writes(3) }],
    [
      'of requests of generations',
      { status: 429, body: { ...PUBLISHED, message: 'Too many generation requests' } },
    ],
    ['without a word', { status: 429, headers: { 'retry-after': '40' } }],
    ['in words', { status: 429, body: { error: 'Too Many Requests' }, headers: writes(0) }],
  ])('is waited for when it is the rate limit: %s', async (_, answer) => {
    const { value, sent } = await send(answer);

    expect(value?.status).toBe(200);
    expect(sent).toBe(2);
    expect(elapsed()).toBeGreaterThanOrEqual(40_000);
  });

  it.each<[number, object]>([
    [409, { error: 'retry_limit', message: 'The job was retried 3 times' }],
    [409, { error: 'not_failed', message: 'Only failed jobs can be retried; this one is running' }],
    [400, { error: 'validation_error', message: 'prompt: must be at most 1000 characters' }],
    [400, { error: 'provider_not_connected', message: 'Connect OPENAI before generating' }],
    [404, { error: 'not_found', message: 'Generation job not found' }],
  ])('says nothing of running ones: %i %j', async (status, body) => {
    const { error, sent } = await send({ status, body }, RETRY_JOB);

    expect(error?.context).toMatchObject({ httpStatus: status });
    expect(error?.description).not.toContain('three generations');
    expect(sent).toBe(1);
  });

  it('is a failure of the service, whatever it says', async () => {
    const { error } = await send({ status: 500, body: JOBS });
    expect(error?.description).not.toContain('three generations');
  });
});

it('other writes have no such limit: room in the headers of a 429 does not end their retries', async () => {
  const { value, sent } = await send({ status: 429, body: JOBS, headers: writes(12) }, LIKE);
  expect(value?.status).toBe(200);
  expect(sent).toBe(2);
});

it('all operations that start a job know the limit', () => {
  const starts = generation.operations.filter((each) =>
    ['POST /generate', 'POST /generate/{jobId}/retry'].includes(
      `${endpointOf(each).method} ${endpointOf(each).path}`,
    ),
  );
  expect(starts.map((each) => [each.name, 'runningLimit' in each])).toEqual([
    ['Retry', true],
    ['Start', true],
    ['Start and Wait', true],
  ]);
});

describe('what is no refusal of a job', () => {
  const LIMIT = { things: /\bjobs?\b/, amount: /\bat most\b/, advice: 'Wait.' };
  const meets = (failure: Partial<Failure>, remaining = '5') =>
    meetsRunningLimit(
      { kind: 'refused', status: 429, message: 'at most 3 jobs', ...failure } as Failure,
      { 'x-ratelimit-remaining': remaining },
      LIMIT,
    );

  it.each<[Partial<Failure>]>([
    [{ kind: 'unknown' }],
    [{ status: 500 }],
    [{ status: undefined }],
    [{ status: 409, message: 'The job is running' }],
    [{ message: 'Too many requests', code: 'rate_limit_exceeded' }],
  ])('%j', (failure) => {
    expect(meets({})).toBe(true);
    expect(meets(failure)).toBe(false);
  });

  it('is a code and message without the words, where the headers leave no room', () => {
    expect(meets({ message: 'Try again later' })).toBe(true);
    expect(meets({ message: 'Try again later' }, '0')).toBe(false);
    expect(meets({ message: 'at most 3 jobs' }, '0')).toBe(true);
  });
});
