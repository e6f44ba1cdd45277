import type { INodeParameters } from 'n8n-workflow';
import { newest, OFFER, offerOf, orderOf } from '../operations/marketplace';
import { byId, createWorld, postOfMine, postOfOther, type World } from '../operations/world';
import { type Sandbox, startSandbox } from '../sandbox/server';
import type { OrderStatus } from '../sandbox/entities';
import { fileOf, type FileType } from '../sandbox/testing';
import { binary, N8n, type RunResult } from './support/n8n';
import { choice, length, limit, type Try, type Variation, whole } from './support/tries';

// A file of 100 MB takes its time on a busy machine.
jest.setTimeout(60_000);

/** Nothing, that n8n itself does not notice before the node runs. */
const EMPTY = '={{ "" }}';

const same = (parameters: INodeParameters) => parameters;
const field = (name: string) => (value: string | number) => ({ [name]: value });
const additional = (name: string) => (value: string | number | string[]) => ({
  additionalFields: { [name]: value },
});
const filter = (name: string) => (value: string | number) => ({ filters: { [name]: value } });

/* Orders */

/** Which side takes each step, and from where. */
const STEPS: ReadonlyArray<
  readonly [action: string, side: 'buyer' | 'seller', from: OrderStatus, to: OrderStatus]
> = [
  ['start', 'seller', 'PAID', 'IN_PROGRESS'],
  ['deliver', 'seller', 'IN_PROGRESS', 'DELIVERED'],
  ['accept', 'buyer', 'DELIVERED', 'COMPLETED'],
  ['request_revision', 'buyer', 'DELIVERED', 'REVISION'],
  ['dispute', 'buyer', 'DELIVERED', 'DISPUTED'],
  ['cancel', 'seller', 'PAID', 'CANCELLED'],
];

/** An order in which the agent of the credential has a side. */
const orderAs =
  (side: 'buyer' | 'seller', status: OrderStatus, operation: string, more: INodeParameters = {}) =>
  async (world: World): Promise<INodeParameters> => ({
    resource: 'order',
    operation,
    order: byId((await orderOf(world, side === 'buyer' ? 'me' : 'other', status)).id),
    ...more,
  });

const getOrders = () => ({ resource: 'order', operation: 'getMany' });
const delivery = orderAs('seller', 'IN_PROGRESS', 'updateStatus', { step: 'deliver' });
const deliveryWithMessage = (more: INodeParameters) =>
  orderAs('seller', 'IN_PROGRESS', 'deliverWithMessage', more);
const noDeliverables = 'Deliverables: is required and must not be empty.';

const orders: Try[] = [
  ...limit(
    'order action',
    orderAs('seller', 'IN_PROGRESS', 'updateStatus', { deliverables: 'x' }),
    field('step'),
    [],
    [
      ['NO_SUCH', 'Action: is "NO_SUCH", but must be one of accept, cancel, deliver, dispute, '],
      [EMPTY, 'Action: is required and must not be empty.'],
    ],
  ),
  ...limit('deliverables', delivery, field('deliverables'), ['x'], [[EMPTY, noDeliverables]]),
  ...limit(
    'deliverables with a message',
    deliveryWithMessage({ content: 'Enjoy!' }),
    field('deliverables'),
    ['x'],
    [[' ', noDeliverables]],
  ),
  ...choice('orders by role', 'Role', getOrders, filter('role'), ['all', 'buyer', 'seller']),
  ...choice('orders by status', 'Status', getOrders, filter('status'), [
    ...['PENDING_PAYMENT', 'PAID', 'IN_PROGRESS', 'DELIVERED', 'REVISION'],
    ...['COMPLETED', 'CANCELLED', 'DISPUTED', 'REFUNDED'],
  ]),
  ...choice(
    'payment method',
    'Payment Method',
    async (world) => ({
      resource: 'order',
      operation: 'place',
      service: byId((await offerOf(world, 'other')).id),
    }),
    field('paymentMethod'),
    ['CARD', 'CRYPTO_USDC', 'CRYPTO_USDP', 'COINBASE'],
  ),
  ...length(
    'order message',
    'Content',
    orderAs('buyer', 'PAID', 'sendMessage'),
    field('content'),
    5000,
  ),
  ...length(
    'message with a delivery',
    'Message',
    deliveryWithMessage({ deliverables: 'Done' }),
    field('content'),
    5000,
  ),
  ...limit<string | string[]>(
    'attachments',
    orderAs('buyer', 'PAID', 'sendMessage', { content: 'Look' }),
    additional('attachments'),
    ['https://example.com/a.png, http://example.com/b.png', ['https://example.com/a,b.png']],
    [
      [
        'https://example.com/a.png, file.png',
        'Attachment URLs: "file.png" is not a web address. It must start with https://.',
      ],
      [
        ['ftp://example.com/a.png'],
        'Attachment URLs: "ftp://example.com/a.png" is not a web address. It must start with https://.',
      ],
    ],
  ),
];

/* Choices that come from the item: n8n then shows the fields of all of them, and asks for none. */

const chosenByItem: Try[] = [
  ...limit(
    'chosen by an expression',
    orderAs('seller', 'PAID', 'updateStatus'),
    field('step'),
    ['={{ "start" }}'],
    [],
  ),
  ...limit(
    'chosen by an expression',
    () => ({ resource: 'notification', operation: 'markAsRead' }),
    field('all'),
    ['={{ true }}'],
    [],
  ),
  ...limit(
    'chosen by an expression',
    async (world) => {
      await upload(world, 'image/png');
      return { resource: 'media', operation: 'delete' };
    },
    (deleteBy: string, { sandbox }) => ({ deleteBy, media: newest(sandbox.state.media).id }),
    ['={{ "id" }}'],
    [],
  ),
];

/* Services, reviews, payouts */

const createOffer = () => ({ resource: 'service', operation: 'create', ...OFFER });
const getServices = () => ({ resource: 'service', operation: 'getMany' });
const review = orderAs('buyer', 'COMPLETED', 'submit', { resource: 'review', rating: 3 });
const stars = { min: 1, max: 5 };

const marketplace: Try[] = [
  ...whole('price in cents', 'Price (Cents)', createOffer, field('price'), { min: 0 }),
  ...whole('delivery days', 'Delivery Days', createOffer, additional('deliveryDays'), { min: 1 }),
  ...whole('revisions', 'Revisions', createOffer, additional('revisions'), { min: 0 }),
  ...choice('services sorted by', 'Sort By', getServices, filter('sortBy'), [
    ...['createdAt', 'price', 'avgRating', 'orderCount'],
  ]),
  ...choice('services sorted', 'Sort Order', getServices, filter('sortOrder'), ['asc', 'desc']),
  ...whole('rating', 'Rating', review, field('rating'), stars),
  ...whole('quality', 'Quality Rating', review, additional('qualityRating'), stars),
  ...whole('contact', 'Communication Rating', review, additional('communicationRating'), stars),
  ...whole('delivery', 'Delivery Rating', review, additional('deliveryRating'), stars),
  ...choice(
    'payouts by status',
    'Status',
    () => ({ resource: 'payout', operation: 'getMany' }),
    filter('status'),
    ['PENDING', 'PROCESSING', 'COMPLETED'],
  ),
];

/* Reports, notifications, analytics, search */

const noIds = 'Notification IDs: is required and must not be empty.';

const others: Try[] = [
  ...choice(
    'reason of a report',
    'Reason',
    ({ other }) => ({ resource: 'report', operation: 'create', reportedAgent: byId(other.id) }),
    field('reason'),
    [
      ...['SPAM', 'HARASSMENT', 'MISINFORMATION', 'IMPERSONATION', 'HATE_SPEECH'],
      ...['VIOLENCE', 'ADULT_CONTENT', 'COPYRIGHT', 'OTHER'],
    ],
  ),
  ...limit(
    'target of a report',
    async (world) => {
      const { id } = await postOfOther(world);
      const other = world.sandbox.as(world.other.handle);
      await other.post(`/api/posts/${id}/comments`, { content: 'Buy' });
      return { resource: 'report', operation: 'create', reason: 'SPAM' };
    },
    (target: 'agent' | 'post' | 'comment' | 'none', { sandbox: { state }, other }) => {
      if (target === 'none') return {};
      if (target === 'comment') return { reportedComment: newest(state.comments).id };
      if (target === 'post') return { reportedPost: byId(newest(state.posts).id) };
      return { reportedAgent: byId(other.id) };
    },
    ['agent', 'post', 'comment'],
    [
      [
        'none',
        'Reported Agent, Reported Post, Reported Comment ID: at least one of them is needed.',
      ],
    ],
  ),
  ...limit(
    'notifications',
    async ({ sandbox, me, other }) => {
      await sandbox.as(other.handle).post(`/api/agents/${me.handle}/follow`);
      return { resource: 'notification', operation: 'markAsRead' };
    },
    (which: string, { sandbox }) =>
      which === 'all'
        ? { all: true }
        : { all: false, ids: which === 'one' ? newest(sandbox.state.notifications).id : which },
    ['all', 'one'],
    [
      [EMPTY, noIds],
      [', ,', noIds],
      ['={{ [] }}', noIds],
    ],
  ),
  ...choice(
    'analytics',
    'Range',
    () => ({ resource: 'analytics', operation: 'getOverview' }),
    filter('range'),
    ['7d', '30d', '90d'],
  ),
  ...choice(
    'performance',
    'Sort By',
    () => ({ resource: 'analytics', operation: 'getPostPerformance' }),
    filter('sortBy'),
    ['likes', 'comments', 'views', 'engagement'],
  ),
  ...limit(
    'search',
    () => ({ resource: 'discovery', operation: 'search' }),
    field('query'),
    ['a'],
    [
      [EMPTY, 'Query: is required and must not be empty.'],
      ['  ', 'Query: is required and must not be empty.'],
    ],
  ),
  ...choice(
    'search for',
    'Type',
    () => ({ resource: 'discovery', operation: 'search', query: 'a' }),
    filter('type'),
    ['agents', 'posts', 'all'],
  ),
  ...choice(
    'trending',
    'Section',
    () => ({ resource: 'discovery', operation: 'getTrending' }),
    filter('section'),
    ['posts', 'agents', 'hashtags', 'all'],
  ),
];

/* Texts */

const texts: Try[] = [
  ...length(
    'post',
    'Content',
    () => ({ resource: 'post', operation: 'create' }),
    field('content'),
    500,
  ),
  ...length(
    'comment',
    'Content',
    async (world) => ({
      resource: 'comment',
      operation: 'create',
      post: byId((await postOfMine(world)).id),
    }),
    field('content'),
    1000,
  ),
  ...length(
    'byte comment',
    'Content',
    async (world) => {
      await upload(world, 'video/mp4', 'byte');
      const { state } = world.sandbox;
      const mediaId = newest(state.media).id;
      await world.sandbox.as(world.me.handle).post('/api/bytes', { mediaId });
      return { resource: 'byte', operation: 'comment', byte: byId(newest(state.bytes).id) };
    },
    field('content'),
    500,
  ),
  ...limit(
    'response time',
    () => ({ resource: 'profile', operation: 'updateCapabilities' }),
    (responseTime: string) => ({ updateFields: { responseTime } }),
    ['x'],
    [['', 'Response Time: has 0 characters, but at least 1 are needed.']],
  ),
];

/* Generation */

const TYPES = ['image', 'video', 'voice', 'sound_effect', 'music'];
/** Reference: Provider Capabilities. */
const CAPABILITIES: Readonly<Record<string, readonly string[]>> = {
  OPENAI: ['image'],
  RUNWARE: ['image', 'video'],
  GOOGLE_GEMINI: ['image'],
  ELEVENLABS: ['voice', 'sound_effect', 'music'],
};
const PROVIDERS = Object.keys(CAPABILITIES);

const start =
  (provider: string, more: INodeParameters) =>
  async ({ sandbox, me }: World): Promise<INodeParameters> => {
    const body = { provider, apiKey: 'key-of-a-provider' };
    await sandbox.as(me.handle).post('/api/settings/services', body);
    return { resource: 'generation', operation: 'start', provider, ...more };
  };
const image = (more: INodeParameters = {}) => start('OPENAI', { generationType: 'image', ...more });

/** Only what the provider can do is taken. */
const typesOf = (what: string, provider: string, arrange: Try['arrange']) =>
  limit(
    what,
    arrange,
    field('generationType'),
    CAPABILITIES[provider],
    TYPES.filter((type) => !CAPABILITIES[provider].includes(type)).map((type) => [
      type,
      `Type: is "${type}", but must be one of ${[...CAPABILITIES[provider]].sort().join(', ')}.`,
    ]),
  );

const generations: Try[] = [
  ...PROVIDERS.flatMap((provider) => [
    ...typesOf(`${provider} generates`, provider, start(provider, { prompt: 'A city' })),
    ...typesOf(`models of ${provider}`, provider, () => ({
      resource: 'generation',
      operation: 'getModels',
      provider,
    })),
  ]),
  ...limit(
    'provider',
    image({ prompt: 'A city' }),
    field('provider'),
    [],
    [['FAL_AI', 'Provider: is "FAL_AI", but must be one of ']],
  ),
  ...length('prompt', 'Prompt', image(), field('prompt'), 1000),
  ...limit(
    'prompt',
    image(),
    field('prompt'),
    ['x'],
    [[EMPTY, 'Prompt: is required and must not be empty.']],
  ),
  ...length(
    'content of its post',
    'Post Content',
    image({ prompt: 'A city' }),
    additional('content'),
    500,
  ),
  ...choice(
    'video',
    'Aspect Ratio',
    start('RUNWARE', { generationType: 'video', prompt: 'A city' }),
    additional('videoAspectRatio'),
    ['9:16', '16:9', '1:1'],
  ),
  ...limit(
    'retries',
    image({ operation: 'startAndWait', prompt: 'A city' }),
    additional('retries'),
    [3],
    [
      [4, 'Retries: is 4, but must be at most 3.'],
      [-1, 'Retries: is -1, but must be at least 0.'],
    ],
  ),
  ...choice(
    'AI provider',
    'Provider',
    async (world) => {
      for (const provider of PROVIDERS) await start(provider, {})(world);
      return { resource: 'aiProvider', operation: 'testKey' };
    },
    field('provider'),
    PROVIDERS,
  ),
];

/** Reference: Provider-Specific Parameters; what each field of the node becomes in `params`. */
const PARAMETERS: ReadonlyArray<
  readonly [provider: string, type: string, fields: INodeParameters, params: object]
> = [
  [
    'OPENAI',
    'image',
    { size: '1536x1024', quality: 'high' },
    { size: '1536x1024', quality: 'high' },
  ],
  ['RUNWARE', 'image', { width: 512, height: 768 }, { width: 512, height: 768 }],
  [
    'RUNWARE',
    'video',
    {
      videoAspectRatio: '16:9',
      videoDuration: 8,
      referenceImage: 'https://example.com/a.png',
      cfgScale: 7.5,
    },
    {
      aspectRatio: '16:9',
      duration: 8,
      referenceImage: 'https://example.com/a.png',
      CFGScale: 7.5,
    },
  ],
  ['GOOGLE_GEMINI', 'image', { imageAspectRatio: '3:4' }, { aspect_ratio: '3:4' }],
  [
    'ELEVENLABS',
    'voice',
    { voice: byId('EXAVITQu4vr4xnSDxMaL') },
    { voice_id: 'EXAVITQu4vr4xnSDxMaL' },
  ],
  ['ELEVENLABS', 'sound_effect', { soundDuration: 3 }, { duration_seconds: 3 }],
  ['ELEVENLABS', 'music', { musicLength: 10000 }, { music_length_ms: 10000 }],
  ['OPENAI', 'image', { params: '{"background": "opaque"}' }, { background: 'opaque' }],
];

/* Files */

const MEBIBYTE = 1024 * 1024;
const IMAGES: FileType[] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
const VIDEOS: FileType[] = ['video/mp4', 'video/webm', 'video/quicktime'];

async function upload(
  { sandbox, me }: World,
  type: FileType,
  purpose: 'post' | 'byte' = 'post',
): Promise<void> {
  const path = type.startsWith('video/') ? '/api/upload/video' : '/api/upload';
  const parts = { content: fileOf(type), type, fields: { purpose } };
  await sandbox.as(me.handle).upload(path, parts);
}

const uploadImage = () => ({ resource: 'media', operation: 'uploadImage', purpose: 'post' });
const uploadVideo = (purpose: string) => () => ({
  resource: 'media',
  operation: 'uploadVideo',
  purpose,
});
const uploadAvatar = () => ({ resource: 'profile', operation: 'uploadAvatar' });
const createByte = () => ({ resource: 'byte', operation: 'create', videoSource: 'binary' });
const createPost = () => ({ resource: 'post', operation: 'create', content: 'Look' });

const theFile = 'Input Binary Field: the file in "data"';

const data = (file: Buffer): Variation => ({
  parameters: { binaryPropertyName: 'data' },
  files: { data: file },
});

function types(what: string, arrange: Try['arrange'], accepted: FileType[]): Try[] {
  const [wrong, names] =
    accepted === IMAGES
      ? (['video/mp4', 'JPG, PNG, GIF, WEBP'] as const)
      : (['image/png', 'MOV, MP4, WEBM'] as const);
  return limit(
    what,
    arrange,
    (type: FileType | 'application/pdf') =>
      data(type === 'application/pdf' ? Buffer.from('%PDF-1.7\n') : fileOf(type)),
    accepted,
    [
      [wrong, `${theFile} is a`],
      ['application/pdf', `${theFile} is of another type. Allowed are ${names}.`],
    ],
  );
}

/** A file of so many bytes is taken, one more is not. */
function size(what: string, arrange: Try['arrange'], type: FileType, mebibytes: number): Try[] {
  const max = mebibytes * MEBIBYTE;
  return limit(
    what,
    arrange,
    (bytes: number) => data(fileOf(type, bytes)),
    [max],
    [[max + 1, `${theFile} has `]],
  );
}

/** Files of these types, each in a binary field of its own, for one post. */
function filesOf(all: FileType[]): Variation {
  const files = Object.fromEntries(all.map((type, index) => [`file${index}`, fileOf(type)]));
  const binaryFields = Object.keys(files).join(', ');
  return { parameters: { additionalFields: { binaryFields } }, files };
}

const pngs = (count: number) => Array<FileType>(count).fill('image/png');

const files: Try[] = [
  ...types('image', uploadImage, IMAGES),
  ...types('avatar', uploadAvatar, IMAGES),
  ...types('video', uploadVideo('post'), VIDEOS),
  ...size('image of bytes', uploadImage, 'image/png', 10),
  ...size('avatar of bytes', uploadAvatar, 'image/png', 5),
  ...size('video for a post of bytes', uploadVideo('post'), 'video/mp4', 50),
  ...size('video for a byte of bytes', uploadVideo('byte'), 'video/mp4', 100),
  ...size('byte of bytes', createByte, 'video/mp4', 100),
  ...choice(
    'video for',
    'Purpose',
    () => ({ resource: 'media', operation: 'uploadVideo' }),
    (purpose) => {
      const { parameters, files } = data(fileOf('video/mp4'));
      return { parameters: { ...parameters, purpose }, files };
    },
    ['post', 'byte'],
  ),
  ...limit(
    'files of a post',
    createPost,
    filesOf,
    [pngs(1), pngs(4), ['video/mp4']],
    [
      [pngs(5), 'Input Binary Fields: a post shows up to 4 images, but here are 5.'],
      [['video/mp4', 'video/webm'], 'Input Binary Fields: a post shows one video, but here are 2.'],
      [
        ['image/png', 'video/mp4'],
        'Input Binary Fields: a post shows images or a video, not both.',
      ],
    ],
  ),
  ...limit(
    'file of a post',
    createPost,
    (file: { type: FileType; bytes: number }) => ({
      parameters: { additionalFields: { binaryFields: 'data' } },
      files: { data: fileOf(file.type, file.bytes) },
    }),
    [{ type: 'image/png', bytes: 10 * MEBIBYTE }],
    [
      [
        { type: 'image/png', bytes: 10 * MEBIBYTE + 1 },
        'Input Binary Fields: the file in "data" has ',
      ],
      [
        { type: 'video/mp4', bytes: 50 * MEBIBYTE + 1 },
        'Input Binary Fields: the file in "data" has ',
      ],
    ],
  ),
  ...limit(
    'uploaded media of a post',
    async (world) => {
      for (let i = 0; i < 5; i++) await upload(world, 'image/png');
      return createPost();
    },
    (count: number, { sandbox, me }) => {
      const own = [...sandbox.state.media.values()].filter(({ agentId }) => agentId === me.id);
      return { additionalFields: { mediaIds: own.slice(0, count).map(({ id }) => id) } };
    },
    [4],
    [[5, 'Media IDs: has 5 entries, but at most 4 are allowed.']],
  ),
  ...limit(
    'media of a post elsewhere',
    createPost,
    (count: number) => ({
      additionalFields: {
        mediaUrls: Array.from({ length: count }, (_, i) => `https://example.com/${i}.png`),
      },
    }),
    [4],
    [[5, 'Media URLs: has 5 entries, but at most 4 are allowed.']],
  ),
  ...choice(
    'uploaded files',
    'Type',
    () => ({ resource: 'media', operation: 'getMany' }),
    filter('type'),
    ['IMAGE', 'VIDEO', 'AUDIO'],
  ),
  ...limit(
    'deleting a file',
    async (world) => {
      await upload(world, 'image/png');
      return { resource: 'media', operation: 'delete' };
    },
    (by: 'id' | 'url', { sandbox: { state } }) =>
      by === 'id'
        ? { deleteBy: by, media: newest(state.media).id }
        : { deleteBy: by, url: newest(state.media).url },
    ['id', 'url'],
    [],
  ),
  ...limit(
    'deleting a file',
    () => ({ resource: 'media', operation: 'delete' }),
    same,
    [],
    [
      [{ deleteBy: 'id', media: EMPTY }, 'Media ID: is empty.'],
      [{ deleteBy: 'id', media: '../me' }, 'Media ID: "../me" is not an ID.'],
      [{ deleteBy: 'url', url: EMPTY }, 'Media URL: is required and must not be empty.'],
      [{ deleteBy: 'url', url: 'media_1' }, 'Media URL: "media_1" is not a web address.'],
    ],
  ),
];

describe('limits and choices', () => {
  let n8n: N8n;
  let sandbox: Sandbox;
  let world: World;

  beforeAll(async () => {
    n8n = await N8n.load();
    sandbox = await startSandbox({
      limits: { reads: Infinity, writes: Infinity, auths: Infinity },
      generationStepMs: 0,
    });
  });

  beforeEach(() => {
    world = createWorld(sandbox);
    n8n.saveCredential('agent', { ...world.me, baseUrl: sandbox.url });
    sandbox.requests.clear();
  });

  afterAll(async () => await sandbox.close());

  async function run({ parameters, files = {} }: Variation): Promise<RunResult> {
    const carried = Object.entries(files).map(([name, content]) => [
      name,
      binary(content, 'file', 'application/octet-stream'),
    ]);
    return await n8n.run({
      credential: 'agent',
      parameters,
      input: [{ json: {}, binary: Object.fromEntries(carried) }],
    });
  }

  const tries = [orders, chosenByItem, marketplace, others, texts, generations, files].flat();

  it.each(tries.map((each) => [each.title, each] as const))(
    '%s',
    async (_, { arrange, vary, problem }) => {
      const fixed = await arrange(world);
      const { parameters, files } = vary(world);
      const { error } = await run({ parameters: { ...fixed, ...parameters }, files });

      if (problem === undefined) {
        expect(error).toBeUndefined();
        expect(sandbox.requests.at(-1)?.status).toBeLessThan(300);
      } else {
        expect(error?.message).toContain(problem);
        expect(sandbox.requests).toHaveLength(0);
      }
      expect(sandbox.contractViolations).toEqual([]);
    },
  );

  it.each(PARAMETERS)('%s, %s: %j become parameters', async (provider, type, fields, params) => {
    const fixed = await start(provider, { generationType: type, prompt: 'A city' })(world);
    const { error } = await run({ parameters: { ...fixed, additionalFields: fields } });

    expect(error).toBeUndefined();
    expect(newest(sandbox.state.jobs)).toMatchObject({ provider, type, params });
  });

  it.each(STEPS)('order action %s, by the %s of an order that is %s', async (action, ...step) => {
    const [side, from, to] = step;
    const parameters = { step: action, ...(action === 'deliver' && { deliverables: 'Done' }) };
    const fixed = await orderAs(side, from, 'updateStatus')(world);
    const { error } = await run({ parameters: { ...fixed, ...parameters } });

    expect(error).toBeUndefined();
    expect(newest(sandbox.state.orders).status).toBe(to);
  });

  it.each(STEPS.filter(([action]) => action !== 'dispute' && action !== 'cancel'))(
    'order action %s is the %s’s; to the other side the service refuses it',
    async (action, side, from) => {
      const parameters = { step: action, ...(action === 'deliver' && { deliverables: 'Done' }) };
      const other = side === 'buyer' ? 'seller' : 'buyer';
      const fixed = await orderAs(other, from, 'updateStatus')(world);
      const { error } = await run({ parameters: { ...fixed, ...parameters } });

      expect(error?.context).toMatchObject({ httpStatus: 403, errorCode: 'forbidden' });
      expect(newest(sandbox.state.orders).status).toBe(from);
    },
  );
});
