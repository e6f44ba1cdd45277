import {
  NO_IDS,
  answeredAfter,
  late,
  lost,
  operationNamed,
  play,
  refused,
  stopped,
  type Played,
  type Step,
  useOwnClock,
} from './script';

useOwnClock();

describe('Post: Create', () => {
  const create = operationNamed('Post', 'Create');
  const files = { a: 'image/png', b: 'image/jpeg', v: 'video/mp4', w: 'video/webm' };
  const done: Step = () => ({ id: 'p1' });
  const media = (id: string): Step => {
    return () => ({ id });
  };

  const run = async (
    values: Record<string, unknown>,
    answers: Record<string, Step | readonly Step[]> = {},
  ): Promise<Played> =>
    await play(
      create.recipe,
      create,
      values,
      {
        'Upload image': [media('m1'), media('m2')],
        'Upload video': () => ({ id: 'v1', status: 'processing' }),
        'Get many uploaded files': () => [{ id: 'v1', status: 'ready' }],
        'Delete uploaded file': () => ({}),
        'Create post': done,
        ...answers,
      },
      files,
    );

  it('uploads images, then posts them', async () => {
    const sent: unknown[] = [];
    const { items, did } = await run(
      { content: 'Hi', binaryFields: ['a', 'b'] },
      { 'Create post': (values) => ({ id: `p${sent.push(values)}` }) },
    );
    expect(items).toEqual([{ id: 'p1' }]);
    expect(did).toEqual(['Upload image', 'Upload image', 'Create post']);
    expect(sent).toMatchObject([{ content: 'Hi', mediaIds: ['m1', 'm2'], mediaType: 'IMAGE' }]);
  });

  it.each([
    ['images and a video', ['a', 'v'], /not both/],
    ['two videos', ['v', 'w'], /one video/],
    ['a field twice', ['a', 'a'], /twice/],
  ])('refuses %s before anything is uploaded', async (_, binaryFields, problem) => {
    const { error, did } = await run({ content: 'Hi', binaryFields });
    expect(error?.message).toMatch(problem);
    expect(did).toEqual([]);
  });

  it('refuses five images before anything is uploaded', async () => {
    const binaryFields = ['1', '2', '3', '4', '5'];
    const images = Object.fromEntries(binaryFields.map((name) => [name, 'image/png']));
    const { error, did } = await play(create.recipe, create, { binaryFields }, {}, images);
    expect(error?.message).toMatch(/up to 4 images, but there are 5/);
    expect(did).toEqual([]);
  });

  it.each([
    [{}, /Content: is required/],
    [{ binaryFields: ['a'], mediaIds: ['m'] }, /combined with Media IDs/],
    [{ binaryFields: ['a'], mediaUrls: ['https://x.example'] }, /combined with Media URLs/],
    [{ binaryFields: ['a'], mediaType: 'VIDEO' }, /Media Type/],
    [{ binaryFields: ['a'], mediaType: 'BYTE' }, /Media Type: is BYTE, but .* the type IMAGE/],
    [{ binaryFields: ['v'], mediaType: 'IMAGE' }, /Media Type: is IMAGE, but .* the type VIDEO/],
  ])('refuses %j', async (values, problem) => {
    const { error, did } = await run(values);
    expect(error?.message).toMatch(problem);
    expect(did).toEqual([]);
  });

  it.each([
    [undefined, 'VIDEO'],
    ['VIDEO', 'VIDEO'],
    ['BYTE', 'BYTE'],
  ])('posts a video as what was chosen: %s', async (mediaType, expected) => {
    const sent: unknown[] = [];
    const { error } = await run(
      { binaryFields: ['v'], ...(mediaType && { mediaType }) },
      { 'Create post': (values) => ({ id: `p${sent.push(values)}` }) },
    );
    expect(error).toBeUndefined();
    expect(sent).toMatchObject([{ mediaIds: ['v1'], mediaType: expected }]);
  });

  it('posts media without text', async () => {
    expect((await run({ mediaIds: ['m'] })).did).toEqual(['Create post']);
  });

  it('waits until the video is processed', async () => {
    const { items, did } = await run(
      { binaryFields: ['v'] },
      {
        'Get many uploaded files': [
          () => [{ id: 'v1', status: 'processing' }],
          () => [{ id: 'v1', status: 'ready' }],
        ],
      },
    );
    expect(items).toEqual([{ id: 'p1' }]);
    expect(did).toEqual([
      'Upload video',
      'wait 3000',
      'Get many uploaded files',
      'wait 3000',
      'Get many uploaded files',
      'Create post',
    ]);
  });

  it.each([
    ['an image', ['a'], refused(400, 'media_processing')],
    ['a video that failed', ['v'], refused(409, 'processing_failed')],
  ])('does not try again with %s', async (_, binaryFields, step) => {
    const { error, did } = await run({ binaryFields }, { 'Create post': step });
    expect(did.filter((each) => each === 'Create post')).toHaveLength(1);
    expect(error?.message).toMatch(/Refused/);
  });

  it('ends with the reason of the service where a video is refused to the end', async () => {
    const { error } = await run(
      { binaryFields: ['v'], maxVideoWait: 4 },
      { 'Create post': refused(409, 'media_processing') },
    );
    expect(error?.message).toMatch(/media_processing/);
    expect(error?.description).toMatch(/Max Wait for Video/);
  });

  it('gives up at the time that the user set, and deletes the video', async () => {
    const { error, did } = await run(
      { binaryFields: ['v'], maxVideoWait: 4 },
      { 'Get many uploaded files': () => [{ id: 'v1', status: 'processing' }] },
    );
    expect(error?.message).toMatch(/still being processed/);
    expect(did.filter((each) => each.startsWith('wait'))).toEqual(['wait 3000', 'wait 1000']);
    expect(did.at(-1)).toBe('Delete uploaded file');
    expect(error?.description).toMatch(/files were deleted/);
  });

  it('says so when the service cannot process the video', async () => {
    const { error, did } = await run(
      { binaryFields: ['v'] },
      { 'Get many uploaded files': () => [{ id: 'v1', status: 'failed' }] },
    );
    expect(error?.message).toMatch(/could not process/);
    expect(did).not.toContain('Create post');
    expect(did.at(-1)).toBe('Delete uploaded file');
  });

  it('deletes the first image when the second cannot be uploaded', async () => {
    const { error, did } = await run(
      { binaryFields: ['a', 'b'] },
      { 'Upload image': [media('m1'), refused(413, 'file_too_large')] },
    );
    expect(did).toEqual(['Upload image', 'Upload image', 'Delete uploaded file']);
    expect(error?.message).toMatch(/file_too_large/);
    expect(error?.description).toMatch(/files were deleted/);
  });

  it('names what could not be deleted', async () => {
    const { error } = await run(
      { binaryFields: ['a', 'b'] },
      { 'Create post': refused(403, 'forbidden'), 'Delete uploaded file': lost },
    );
    expect(error?.message).toMatch(/forbidden/);
    expect(error?.description).toMatch(/could not be deleted: m1, m2/);
  });

  it.each(NO_IDS)('says that an upload gave no ID where it is %j', async (id) => {
    const { error, did } = await run(
      { binaryFields: ['a', 'b'] },
      { 'Upload image': [media('m1'), () => ({ id }) as never] },
    );
    expect(error?.message).toBe('The upload returned no media ID');
    expect(error?.description).toBe(
      'The uploaded files were deleted. Nothing was published. The response is not as documented. Find the file with Media: Get Many.',
    );
    expect(did.at(-1)).toBe('Delete uploaded file');
  });

  it.each([
    ['id', { id: {}, media_id: 'm1' }],
    ['media_id', { media_id: {}, mediaId: 7 }],
  ])('takes the next member for the ID where %s holds none', async (_, answer) => {
    const { items } = await run({ binaryFields: ['a'] }, { 'Upload image': () => answer as never });
    expect(items).toEqual([{ id: 'p1' }]);
  });

  it.each([
    ['another upload', { 'Upload image': [media('m1'), stopped] }, ['a', 'b'], 1],
    ['the wait for the video', { 'Get many uploaded files': stopped }, ['v'], 1],
    [
      'the deletion',
      {
        'Upload image': [media('m1'), media('m2'), refused(413, 'large')],
        'Delete uploaded file': [stopped, () => ({})],
      },
      ['a', 'b', 'c'],
      3,
    ],
  ])(
    'deletes what it had uploaded when the execution is stopped during %s',
    async (_, answers, binaryFields, deletions) => {
      const { error, did } = await play(
        create.recipe,
        create,
        { binaryFields },
        {
          'Upload video': () => ({ id: 'v1', status: 'processing' }),
          'Delete uploaded file': () => ({}),
          ...answers,
        },
        { ...files, c: 'image/png' },
      );
      expect(error?.description).toMatch(/^The uploaded files were deleted/);
      expect(did.filter((each) => each === 'Delete uploaded file')).toHaveLength(deletions);
      expect(did).not.toContain('Create post');
    },
  );

  it('sends nothing more when the execution is stopped while the last file is uploaded', async () => {
    const { did } = await run(
      { binaryFields: ['a'] },
      { 'Upload image': answeredAfter(stopped, { id: 'm1' }) },
    );
    expect(did).toEqual(['Upload image', 'Delete uploaded file']);
  });

  it('keeps the files when the execution is stopped while they are published', async () => {
    const { error, did } = await run({ binaryFields: ['a'] }, { 'Create post': stopped });
    expect(did).toEqual(['Upload image', 'Create post']);
    expect(error?.description).toBe(
      'The uploaded files were kept, because they may be in use: m1.',
    );
  });

  it('takes a file that is gone for deleted', async () => {
    const { error } = await run(
      { binaryFields: ['a'] },
      {
        'Create post': refused(403, 'forbidden'),
        'Delete uploaded file': refused(404, 'gone'),
      },
    );
    expect(error?.description).toMatch(/^The uploaded files were deleted/);
  });

  it('says which time ran out where the list of files takes for ever', async () => {
    const { error, did } = await run(
      { binaryFields: ['v'], maxVideoWait: 10 },
      { 'Get many uploaded files': late(60_000) },
    );
    expect(did).toEqual([
      'Upload video',
      'wait 3000',
      'Get many uploaded files',
      'Delete uploaded file',
    ]);
    expect(error?.message).toBe('Get many uploaded files: too late');
    expect(error?.description).toBe(
      'The uploaded files were deleted. Max Wait for Video (10 seconds) is over. Increase Max Wait for Video.',
    );
  });

  it('keeps the files when the post may exist', async () => {
    const { error, did } = await run({ binaryFields: ['a'] }, { 'Create post': lost });
    expect(did).toEqual(['Upload image', 'Create post']);
    expect(error?.description).toMatch(/kept, because they may be in use: m1/);
  });
});
