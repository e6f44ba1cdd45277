import type { INodeParameters } from 'n8n-workflow';
import { connect } from '../operations/aiProvider';
import { uploads } from '../operations/media';
import { type CaseFile, MP4, PNG } from '../operations/fixture';
import { binary, type RunResult } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

describe('operations of several calls', () => {
  useOwnClock();
  const { sandbox, fixture, run: runNode, restart: start } = useN8n({ sandboxPer: 'test' });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function run(
    parameters: INodeParameters,
    files: Readonly<Record<string, CaseFile>> = {},
    signal?: AbortSignal,
  ): Promise<RunResult> {
    const binaries = Object.entries(files).map(
      ([field, { content, fileName, mimeType }]) =>
        [field, binary(content, fileName, mimeType)] as const,
    );
    return await runNode(parameters, {
      input: [{ json: {}, binary: Object.fromEntries(binaries) }],
      signal,
    });
  }

  /** What the agent has published. */
  const published = () => [
    ...sandbox.state.postsBy(fixture.me.id),
    ...[...sandbox.state.bytes.values()].filter(({ agentId }) => agentId === fixture.me.id),
  ];

  /** How often the list of files is read before the first wait. */
  const looksAtOnce = () => (sandbox.settings.fields === 'sdk' ? 1 : 0);

  const createPost = (fields: string, more: INodeParameters = {}): INodeParameters => ({
    resource: 'post',
    operation: 'create',
    content: 'Look at this',
    additionalFields: { binaryFields: fields, ...more },
  });

  describe.each([
    {
      what: 'Post: Create',
      publishing: 'postCreate',
      parameters: (more: INodeParameters) => createPost('data', more),
    },
    {
      what: 'Byte: Create',
      publishing: 'byteCreate',
      parameters: (more: INodeParameters): INodeParameters => ({
        resource: 'byte',
        operation: 'create',
        videoSource: 'binary',
        binaryPropertyName: 'data',
        additionalFields: { caption: 'Look at this', ...more },
      }),
    },
  ])('$what with a video', ({ publishing, parameters }) => {
    it('waits until the video is processed, and publishes it once', async () => {
      await start({ videoProcessingMs: 7_000 });
      const { json, error } = await run(parameters({}), { data: MP4 });

      expect(error).toBeUndefined();
      const [video] = uploads(fixture);
      expect(sandbox.requests.of('mediaUploadVideo')).toHaveLength(1);
      // Every three seconds, and at once where the upload does not say that the video is processed.
      expect(sandbox.requests.of('mediaGetMany')).toHaveLength(3 + looksAtOnce());
      expect(sandbox.requests.of(publishing).map(({ status }) => status)).toEqual([201]);
      expect(published()).toEqual([expect.objectContaining({ id: json[0].id })]);
      expect(JSON.stringify(published())).toContain(video.id);
      expect(sandbox.requests.of('mediaDelete')).toEqual([]);
    });

    it('gives up after Max Wait, and leaves nothing behind', async () => {
      await start({ videoProcessingMs: Infinity });
      const { error } = await run(parameters({ maxVideoWait: 1 }), { data: MP4 });

      expect(error).toMatchObject({
        message: 'The video is still being processed',
        description:
          'The uploaded files were deleted. Nothing was published. Increase Max Wait for Video.',
      });
      expect(sandbox.requests.of('mediaGetMany')).toHaveLength(1 + looksAtOnce());
      expect(sandbox.requests.of(publishing)).toEqual([]);
      expect(uploads(fixture)).toEqual([]);
      expect(published()).toEqual([]);
    });

    it('deletes the video when the execution is stopped while it waits', async () => {
      await start({ videoProcessingMs: Infinity });
      const stop = new AbortController();
      const record = sandbox.requests.record.bind(sandbox.requests);
      jest.spyOn(sandbox.requests, 'record').mockImplementation((request) => {
        if (request.operationId === 'mediaGetMany') stop.abort();
        return record(request);
      });
      const { run: execution } = await run(parameters({}), { data: MP4 }, stop.signal);

      expect(execution.status).toBe('canceled');
      expect(sandbox.requests.of('mediaUploadVideo')).toHaveLength(1);
      expect(uploads(fixture)).toEqual([]);
      expect(published()).toEqual([]);
    });

    it('names what it could not delete after Max Wait', async () => {
      await start({ videoProcessingMs: Infinity });
      sandbox.faults.add({
        match: { operationId: 'mediaDelete' },
        fault: { kind: 'status', status: 403 },
      });
      const { error } = await run(parameters({ maxVideoWait: 0 }), { data: MP4 });

      const [left] = uploads(fixture);
      expect(error).toMatchObject({
        message: 'The video is still being processed',
        description: `These uploaded files could not be deleted: ${left.id}. Nothing was published. Increase Max Wait for Video.`,
      });
      expect(published()).toEqual([]);
    });
  });

  it('undoes the first upload when the second one fails', async () => {
    await start({});
    sandbox.faults.add({
      match: { operationId: 'mediaUploadImage' },
      skip: 1,
      fault: { kind: 'status', status: 413, body: { error: 'file_too_large', message: 'No.' } },
    });
    const { error } = await run(createPost('one, two'), { one: PNG, two: PNG });

    expect(error).toMatchObject({
      message: 'Upload image: No. (HTTP 413, file_too_large)',
      description: 'The uploaded files were deleted. Check the parameters of the operation.',
    });
    expect(sandbox.requests.applied().map(({ operationId }) => operationId)).toEqual([
      'authToken',
      'mediaUploadImage',
      'mediaDelete',
    ]);
    expect(uploads(fixture)).toEqual([]);
    expect(published()).toEqual([]);
  });

  const generate = (prompt: string, additionalFields: INodeParameters): INodeParameters => ({
    resource: 'generation',
    operation: 'startAndWait',
    provider: 'OPENAI',
    generationType: 'image',
    prompt,
    additionalFields,
  });

  it('ends with the message of a generation that fails every time', async () => {
    await start({ generationStepMs: 10 });
    await connect(fixture);
    const { error } = await run(generate('A lighthouse [fail]', { retries: 1 }));

    const [job] = [...sandbox.state.jobs.values()];
    expect(job).toMatchObject({ status: 'failed', retryCount: 1 });
    expect(error).toMatchObject({
      message: 'The generation failed: OPENAI could not generate this',
      description: `Retry the job ${job.id} with Generation: Retry. Retries left: 2.`,
    });
    expect(published()).toEqual([]);
  });

  it('gives up a generation that takes longer than Max Wait, and names the job', async () => {
    await start({ generationStepMs: Infinity });
    await connect(fixture);
    const { error } = await run(generate('A lighthouse', { maxWait: 10 }));

    const [job] = [...sandbox.state.jobs.values()];
    expect(error).toMatchObject({
      message: 'The generation has not finished yet (status pending)',
      description: `The job ${job.id} was started and may still be running. Find it with Generation: Get Many. Increase Max Wait.`,
    });
    expect(sandbox.state.jobs.size).toBe(1);
    expect(job.status).toBe('pending');
    expect(published()).toEqual([]);
  });

  /** Answers this list with ever new pages. */
  function endless(operationId: string, entriesOf: (page: number) => unknown[]): void {
    let pages = 0;
    const take = sandbox.faults.take.bind(sandbox.faults);
    jest.spyOn(sandbox.faults, 'take').mockImplementation((subject) => {
      if (subject.operationId !== operationId) return take(subject);
      pages += 1;
      const body = { entries: entriesOf(pages), nextCursor: `c${pages}` };
      return { kind: 'status', status: 200, body };
    });
  }

  it.each([
    ['that are new', (page: number) => [{ id: `other_${page}`, status: 'pending' }]],
    ['without IDs', (page: number) => [{ page, status: 'pending' }]],
  ])('does not read a list of jobs without end, of entries %s', async (_, entriesOf) => {
    await start({ generationStepMs: 4_000, limits: { read: Infinity } });
    await connect(fixture);
    endless('generationGetPending', entriesOf);
    const { json, error } = await run(generate('A lighthouse', { maxWait: 60 }));

    // What cannot be found there is in the other list once it has ended.
    expect(error).toBeUndefined();
    expect(json).toMatchObject([{ status: 'completed', post: {} }]);
    const polls = sandbox.requests.of('generationGetMany').length;
    expect(sandbox.requests.of('generationGetPending').length).toBe(100 * polls);
  });

  it('names the job where the list of jobs repeats itself', async () => {
    await start({ generationStepMs: Infinity, limits: { read: Infinity } });
    await connect(fixture);
    endless('generationGetPending', () => [{ id: null, status: 'pending' }]);
    const { error } = await run(generate('A lighthouse', { maxWait: 60 }));

    const [job] = [...sandbox.state.jobs.values()];
    expect(error).toMatchObject({
      message:
        'Get pending generations: the service returned 10 pages in a row without a new entry',
      description: `The job ${job.id} was started and may still be running. Find it with Generation: Get Many.`,
    });
    expect(sandbox.requests.of('generationGetPending')).toHaveLength(11);
  });

  it.each([[{ toString: 1 }], [null], [{}], [[]], [1.5], ['']])(
    'does not lose a generation whose ID the service gives as %j',
    async (id) => {
      await start({});
      await connect(fixture);
      sandbox.faults.add({
        match: { operationId: 'generationStart' },
        fault: { kind: 'status', status: 202, body: { job: { jobId: id, status: 'pending' } } },
      });
      const { error } = await run(generate('A lighthouse', {}));

      expect(error).toMatchObject({
        message: 'The generation was started, but the response has no job ID',
        description: 'Find it with Generation: Get Many.',
      });
    },
  );
});
