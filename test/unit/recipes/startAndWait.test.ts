import {
  NO_IDS,
  answeredAfter,
  late,
  lost,
  operationNamed,
  play,
  refused,
  type Step,
  useOwnClock,
} from './script';

useOwnClock();

describe('Generation: Start and Wait', () => {
  const start = operationNamed('Generation', 'Start and Wait');
  const none: Step = () => [];
  const failed: Step = () => [{ id: 'j1', status: 'failed', errorMessage: 'no credit' }];
  const completed: Step = () => [{ id: 'j1', status: 'completed', postId: 'p1' }];

  const run = async (
    answers: Record<string, Step | readonly Step[]>,
    values: Record<string, unknown> = {},
  ) =>
    await play(
      start.recipe,
      start,
      { provider: 'OPENAI', generationType: 'image', prompt: 'A cat', ...values },
      {
        'Generate media and post it': () => ({ jobId: 'j1', status: 'pending' }),
        'Get pending generations': none,
        'Get many generations': none,
        'Retry generation': () => ({ jobId: 'j1' }),
        'Get post': () => ({ id: 'p1' }),
        ...answers,
      },
    );

  it('gives the job and its post', async () => {
    const { items, did } = await run({
      'Get pending generations': [() => [{ id: 'j1', status: 'generating' }], none],
      'Get many generations': completed,
    });
    expect(items).toEqual([{ id: 'j1', status: 'completed', postId: 'p1', post: { id: 'p1' } }]);
    expect(did).toEqual([
      'Generate media and post it',
      'wait 2000',
      'Get pending generations',
      'wait 5000',
      'Get pending generations',
      'Get many generations',
      'Get post',
    ]);
  });

  it('knows its job by a number as well', async () => {
    const { items } = await run({
      'Generate media and post it': () => ({ jobId: 7, status: 'pending' }) as never,
      'Get many generations': () => [{ id: 7, status: 'completed' }] as never,
    });
    expect(items).toEqual([{ id: 7, status: 'completed' }]);
  });

  it('gives the job when its post is gone', async () => {
    const { items } = await run({
      'Get many generations': completed,
      'Get post': refused(404, 'not_found'),
    });
    expect(items).toEqual([{ id: 'j1', status: 'completed', postId: 'p1' }]);
  });

  it('does not take a proxy’s 404 for a post that is gone', async () => {
    const { error } = await run({
      'Get many generations': completed,
      'Get post': refused(404, '', false),
    });
    expect(error?.description).toMatch(/published the post p1/);
  });

  it('fails with the message of the job', async () => {
    const { error, did } = await run({ 'Get pending generations': failed });
    expect(error?.message).toMatch(/no credit/);
    expect(error?.description).toMatch(/j1/);
    expect(did).not.toContain('Retry generation');
  });

  it('tries again as often as the user allows', async () => {
    const { error, did } = await run({ 'Get pending generations': failed }, { retries: 2 });
    expect(error?.message).toMatch(/no credit/);
    expect(did.filter((each) => each === 'Retry generation')).toHaveLength(2);
  });

  it.each([
    ['was not retried', {}, {}, /^Retry the job j1 with Generation: Retry\. Retries left: 3\./],
    ['was retried here', { retries: 2 }, {}, /Retries left: 1\./],
    [
      'was retried here as often as it can be',
      { retries: 3 },
      {},
      /^The job j1 .* a new generation/,
    ],
    ['says that it was retried before', {}, { retryCount: 2 }, /Retries left: 1\./],
    ['says that it was retried as often as it can be', {}, { retryCount: 3 }, /a new generation/],
    ['counts fewer retries than there were', { retries: 3 }, { retryCount: 0 }, /a new generation/],
    ['counts them as text', {}, { retryCount: '3' }, /Retries left: 3\./],
  ])('says what can be done about a job that %s', async (_, values, job, advice) => {
    const { error } = await run(
      { 'Get pending generations': () => [{ id: 'j1', status: 'failed', ...job }] as never },
      values,
    );
    expect(error?.description).toMatch(advice);
  });

  it('says why the job failed when it cannot be tried again', async () => {
    const { error } = await run(
      { 'Get pending generations': failed, 'Retry generation': refused(409, 'conflict') },
      { retries: 3 },
    );
    expect(error?.message).toMatch(/conflict/);
    expect(error?.description).toMatch(/no credit/);
  });

  it('gives up after the time that the user set, and names the job', async () => {
    const { error, did } = await run({}, { maxWait: 10 });
    expect(error?.message).toMatch(/has not finished yet/);
    expect(error?.description).toMatch(/j1 was started and may still be running/);
    expect(did.filter((each) => each.startsWith('wait'))).toEqual([
      'wait 2000',
      'wait 5000',
      'wait 3000',
    ]);
  });

  it.each(NO_IDS)('says where to look for a job whose ID is %j', async (jobId) => {
    const { error, did } = await run({
      'Generate media and post it': () => ({ jobId, status: 'pending' }) as never,
    });
    expect(error?.message).toBe('The generation was started, but the response has no job ID');
    expect(error?.description).toBe('Find it with Generation: Get Many.');
    expect(did).toEqual(['Generate media and post it']);
  });

  it.each(NO_IDS)('passes over a job whose ID is %j', async (id) => {
    const { items } = await run({
      'Get pending generations': () => [{ id, jobId: id, status: 'failed' }] as never,
      'Get many generations': completed,
    });
    expect(items).toMatchObject([{ id: 'j1', status: 'completed' }]);
  });

  it.each(NO_IDS)('gives the job without its post where the ID of that is %j', async (postId) => {
    const { items, did } = await run({
      'Get many generations': () => [{ id: 'j1', status: 'completed', postId }] as never,
    });
    expect(items).toEqual([{ id: 'j1', status: 'completed', postId }]);
    expect(did).not.toContain('Get post');
  });

  it.each([{ toString: 1 }, [], '', 7])(
    'says that there is no reason where it is %j',
    async (errorMessage) => {
      const { error } = await run({
        'Get pending generations': () => [{ id: 'j1', status: 'failed', errorMessage }] as never,
      });
      expect(error?.message).toBe('The generation failed: the service gave no reason');
    },
  );

  it('cuts a reason that has no end', async () => {
    const { error } = await run({
      'Get pending generations': () => [
        { id: 'j1', status: 'failed', errorMessage: 'no '.repeat(1e6) },
      ],
    });
    expect(error?.message.length).toBeLessThan(1100);
  });

  it('goes on with the job that it had where a retry gives no ID', async () => {
    const { items } = await run(
      {
        'Get pending generations': [failed, none],
        'Get many generations': completed,
        'Retry generation': () => ({ jobId: {} }) as never,
      },
      { retries: 1 },
    );
    expect(items).toMatchObject([{ id: 'j1', status: 'completed' }]);
  });

  it.each(['Get pending generations', 'Get many generations'])(
    'says which time ran out where %s takes for ever, and names the job',
    async (slow) => {
      const { error, did } = await run({ [slow]: late(60_000) }, { maxWait: 10 });
      expect(did.filter((each) => each === slow)).toHaveLength(1);
      expect(error?.message).toBe(`${slow}: too late`);
      expect(error?.description).toBe(
        'The job j1 was started and may still be running. Find it with Generation: Get Many. Max Wait (10 seconds) is over. Increase Max Wait.',
      );
    },
  );

  it('does not wait for ever for the post of a finished generation', async () => {
    const { error } = await run({
      'Get many generations': completed,
      'Get post': late(3_600_000),
    });
    expect(error?.message).toBe('Get post: too late');
    expect(error?.description).toBe('The generation is complete and published the post p1.');
  });

  it('does not try again once the time is over', async () => {
    const { error, did } = await run(
      {
        'Get pending generations': answeredAfter(late(9_000), [
          { id: 'j1', status: 'failed' },
        ] as never),
      },
      { maxWait: 10, retries: 3 },
    );
    expect(did).not.toContain('Retry generation');
    expect(error?.message).toBe('The generation failed: the service gave no reason');
  });

  it('names the job when something unforeseen happens', async () => {
    const { error } = await run({
      'Get pending generations': () => {
        throw new TypeError('Cannot convert object to primitive value');
      },
    });
    expect(error?.message).toBe('Cannot convert object to primitive value');
    expect(error?.description).toMatch(/^The job j1 was started and may still be running/);
  });

  it('names the job when it cannot be looked at', async () => {
    const { error } = await run({ 'Get pending generations': lost });
    expect(error?.description).toMatch(/j1 was started and may still be running/);
  });
});
