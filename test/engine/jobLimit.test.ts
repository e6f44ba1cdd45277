/** A fourth generation while three run, with each status that the service may refuse it with. */
import type { INodeParameters } from 'n8n-workflow';
import { connect } from '../operations/aiProvider';
import { byId, postOfOther } from '../operations/fixture';
import type { SandboxOptions } from '../sandbox/server';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

type JobLimit = NonNullable<SandboxOptions['jobLimit']>;

const STATUSES: JobLimit[] = [
  { status: 400 },
  { status: 403 },
  { status: 409 },
  { status: 429 },
  { status: 429, headers: 'jobs' },
  { status: 429, headers: 'none' },
];

describe.each(STATUSES)('refused with %j', (jobLimit) => {
  const clock = useOwnClock();
  const { sandbox, fixture, run, restart } = useN8n({ sandboxPer: 'test' });

  beforeEach(async () => {
    await restart({ generationStepMs: Infinity, jobLimit });
    await connect(fixture);
  });

  const generate = (operation: string): INodeParameters => ({
    resource: 'generation',
    operation,
    provider: 'OPENAI',
    generationType: 'image',
    prompt: 'A lighthouse',
  });
  const expected = {
    message: `Generate media and post it: At most 3 generation jobs at a time (HTTP ${jobLimit.status}, too_many_jobs)`,
    description: expect.stringMatching(
      /^ImagineAnything runs at most three generations .*Generation: Get Pending shows them\./,
    ) as unknown,
  };

  it('Start fails with what to do, at once, and other writes go on', async () => {
    const begun = clock.now();
    const input = Array.from({ length: 5 }, () => ({ json: {} }));
    const settings = { onError: 'continueRegularOutput' } as const;
    const { json } = await run(generate('start'), { input, settings });

    expect(json.map(({ status, error }) => status ?? error)).toEqual([
      ...['pending', 'pending', 'pending'],
      ...[expected.message, expected.message],
    ]);
    expect(sandbox.requests.of('generationStart')).toHaveLength(5);
    const post = byId((await postOfOther(fixture)).id);
    const { error } = await run({ resource: 'post', operation: 'like', post });
    expect(error).toBeUndefined();
    // Nothing has waited for a limit.
    expect(clock.now() - begun).toBeLessThan(40_000);
    expect(sandbox.rateLimited).toBe(0);
  });

  it('Start and Wait, and Retry, fail in the same way', async () => {
    const failed = { ...generate('start'), prompt: 'A lighthouse [fail]' };
    await restart({ generationStepMs: 1, jobLimit });
    await connect(fixture);
    const { json } = await run(failed);
    const jobId = json[0].jobId as string;
    while (sandbox.state.jobs.get(jobId)?.status !== 'failed') await new Promise(setImmediate);
    Object.assign(sandbox.settings, { generationStepMs: Infinity });
    for (let job = 0; job < 3; job += 1) await run(generate('start'));
    sandbox.requests.clear();
    const waited = await run(generate('startAndWait'));
    const retried = await run({ resource: 'generation', operation: 'retry', job: jobId });

    expect(waited.error).toMatchObject(expected);
    expect(retried.error).toMatchObject({ description: expected.description });
    expect(sandbox.requests.of('generationStart')).toHaveLength(1);
    expect(sandbox.requests.of('generationRetry')).toHaveLength(1);
    expect(sandbox.requests.of('generationGetPending')).toEqual([]);
  });
});
