import type { Operation } from '../../../nodes/ImagineAnything/engine/operation';
import { resources } from '../../../nodes/ImagineAnything/resources';
import {
  answeredAfter,
  late,
  lost,
  play,
  type Played,
  refused,
  type Step,
  stopped,
} from './script';

/** What an answer may have where an ID belongs; each of them once ended a recipe with a TypeError. */
const NO_IDS = [{ toString: 1 }, {}, [], ['m1'], true, null, '', NaN, 2 ** 60, 1.5] as const;

function find(resource: string, name: string): Operation {
  const found = resources
    .find((each) => each.name === resource)
    ?.operations.find((each) => each.name === name);
  if (!found) throw new Error(`There is no ${resource}: ${name}`);
  return found;
}

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('Post: Create', () => {
  const create = find('Post', 'Create');
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
  ])('refuses %j', async (values, problem) => {
    const { error, did } = await run(values);
    expect(error?.message).toMatch(problem);
    expect(did).toEqual([]);
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

  it('tries again where only the refusal says that the video is processed', async () => {
    const { items, did } = await run(
      { binaryFields: ['v'] },
      {
        'Upload video': media('v1'),
        'Create post': [refused(409, 'media_processing'), done],
      },
    );
    expect(items).toEqual([{ id: 'p1' }]);
    expect(did).toEqual(['Upload video', 'Create post', 'wait 3000', 'Create post']);
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

describe('Byte: Create', () => {
  const create = find('Byte', 'Create');

  it('uploads the video for a byte, and publishes it', async () => {
    const sent: unknown[] = [];
    const file = { name: 'v', mimeType: 'video/mp4', size: 1, open: async () => Buffer.alloc(1) };
    const { items } = await play(
      create.recipe,
      create,
      { videoSource: 'binary', file, caption: 'Hi' },
      {
        'Upload video': (values) => ({ media_id: `for ${String(values.purpose)}` }),
        'Create byte': (values) => ({ id: `b${sent.push(values)}` }),
      },
    );
    expect(items).toEqual([{ id: 'b1' }]);
    expect(sent).toMatchObject([{ videoSource: 'mediaId', media: 'for byte', caption: 'Hi' }]);
  });

  it('publishes a video that was uploaded before', async () => {
    const values = { videoSource: 'mediaId', media: 'm1' };
    const { did } = await play(create.recipe, create, values, { 'Create byte': () => ({}) });
    expect(did).toEqual(['Create byte']);
  });
});

describe('Generation: Start and Wait', () => {
  const start = find('Generation', 'Start and Wait');
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

describe('Order: Deliver with Message', () => {
  const deliver = find('Order', 'Deliver with Message');
  const values = { order: 'o1', deliverables: 'Work', content: 'Done' };

  it('delivers, then sends the message', async () => {
    const { items, did } = await play(deliver.recipe, deliver, values, {
      'Update order status': ({ step, deliverables }) => ({
        id: 'o1',
        step: step as string,
        deliverables: deliverables as string,
      }),
      'Send message about order': ({ content }) => ({ content: content as string }),
    });
    expect(did).toEqual(['Update order status', 'Send message about order']);
    expect(items).toEqual([
      { id: 'o1', step: 'deliver', deliverables: 'Work', message: { content: 'Done' } },
    ]);
  });

  it.each([
    ['was refused', refused(400, 'bad_request'), /was delivered, but the message was not sent/],
    ['may have been sent', lost, /was delivered, but its message may not have been sent/],
  ])('says that the order was delivered when the message %s', async (_, step, says) => {
    const { error } = await play(deliver.recipe, deliver, values, {
      'Update order status': () => ({ id: 'o1' }),
      'Send message about order': step,
    });
    expect(error?.description).toMatch(says);
  });
});

describe('Conversation: Find or Start', () => {
  const findOrStart = find('Conversation', 'Find or Start');

  const values = { agent: 'ada_bot', message: 'Hi' };

  const run = async (conversations: object[], me: unknown = 'me') =>
    await play(findOrStart.recipe, findOrStart, values, {
      'Get many conversations': () => conversations as never,
      'Start conversation': () => ({ id: 'new' }),
      'Send message': ({ conversation, content }) => ({ to: conversation, content }) as never,
      'Get profile': () => ({ handle: me }) as never,
    });

  it.each([
    { participant: { handle: 'ada_bot' } },
    { participant: { handle: '@Ada_Bot' } },
    { participants: [{ handle: 'me' }, { handle: 'ada_bot' }] },
    { participants: ['me', 'ada_bot'] },
  ])('continues %j', async (conversation) => {
    const { items } = await run([
      { id: 'c0', participant: { handle: 'ada' } },
      { id: 'c1', ...conversation },
    ]);
    expect(items).toMatchObject([{ isNew: false, message: { to: 'c1', content: 'Hi' } }]);
  });

  it.each(['ada_bot', '@Ada_Bot', null, '', 7, { toString: 1 }])(
    'sends nothing to a stranger where the own agent is %j',
    async (me) => {
      const { items } = await run([{ id: 'c0', participants: ['ada_bot', 'stranger'] }], me);
      expect(items).toEqual([{ isNew: true, conversation: { id: 'new' } }]);
    },
  );

  it('starts one where there is none', async () => {
    const { items } = await run([{ id: 'c0', participant: null }]);
    expect(items).toEqual([{ isNew: true, conversation: { id: 'new' } }]);
  });

  it('gives up looking for one after two minutes, and says that nothing was sent', async () => {
    const { error, did } = await play(findOrStart.recipe, findOrStart, values, {
      'Get many conversations': late(200_000),
    });
    expect(did).toEqual(['Get many conversations']);
    expect(error?.message).toBe('Get many conversations: too late');
    expect(error?.description).toMatch(/^Nothing was sent, .* longer than 2 minutes/);
  });
});

describe('Discovery: Search', () => {
  const search = find('Discovery', 'Search');
  const run = async (values: Record<string, unknown>) =>
    await play(
      search.recipe,
      search,
      { query: 'ada', ...values },
      {
        'Search agents': ({ type }) => [
          { id: `first of ${String(type)}` },
          { id: '2' },
          { id: '3' },
        ],
        'Search posts': ({ type }) => [{ id: `first of ${String(type)}` }],
      },
    );

  it('gives agents and posts in turn, and says which is which', async () => {
    expect((await run({ returnAll: true })).items).toEqual([
      { id: 'first of agents', resultType: 'agent' },
      { id: 'first of posts', resultType: 'post' },
      { id: '2', resultType: 'agent' },
      { id: '3', resultType: 'agent' },
    ]);
  });

  it('leaves out neither list where the limit cuts them', async () => {
    const { items = [] } = await run({ limit: 2 });
    expect(items.map(({ resultType }) => resultType)).toEqual(['agent', 'post']);
  });

  it.each([
    ['agents', 'Search agents'],
    ['posts', 'Search posts'],
  ])('asks only for the %s when only they are wanted', async (type, action) => {
    expect((await run({ type })).did).toEqual([action]);
  });
});
