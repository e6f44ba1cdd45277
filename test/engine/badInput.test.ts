import { uploads } from '../operations/media';
import {
  byHandle,
  byId,
  createFixture,
  PNG,
  postOfOther,
  type Fixture,
} from '../operations/fixture';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { binary, N8n, type RunOptions, type RunResult } from './support/n8n';

/** All that send the file of one binary field. */
const FILE_OPERATIONS = [
  { resource: 'profile', operation: 'uploadAvatar' },
  { resource: 'media', operation: 'uploadImage' },
  { resource: 'media', operation: 'uploadVideo' },
  { resource: 'byte', operation: 'create', caption: 'Hi' },
];

const PLAIN_BASE_URL =
  'The base URL of the ImagineAnything credential must start with https://. Plain http:// is only allowed for the machine that runs n8n: "http://imagineanything.com".';
const CHOOSE_CREDENTIAL = 'Choose or create an ImagineAnything API credential in the node.';
const SET_AUTHENTICATION = 'Set Authentication to Agent and choose a credential.';
const NO_POST = 'Get post: Post not found: post_unknown (HTTP 404, not_found)';

describe('what the user sees when something is wrong', () => {
  let n8n: N8n;
  let sandbox: Sandbox;
  let fixture: Fixture;

  beforeAll(async () => {
    n8n = await N8n.load();
    sandbox = await startSandbox({
      limits: { reads: Infinity, writes: Infinity, auths: Infinity },
    });
  });

  beforeEach(() => {
    fixture = createFixture(sandbox);
    n8n.saveCredential('agent', { ...fixture.me, baseUrl: sandbox.url });
    sandbox.requests.clear();
    sandbox.faults.clear();
  });

  afterAll(async () => await sandbox.close());

  async function run(
    parameters: RunOptions['parameters'],
    options: Partial<RunOptions> = {},
  ): Promise<RunResult> {
    return await n8n.run({ credential: 'agent', parameters, ...options });
  }

  const post = (content: string) => ({ resource: 'post', operation: 'create', content });
  const follow = (handle: string) => ({
    resource: 'agent',
    operation: 'follow',
    agent: byHandle(handle),
  });

  it.each([
    ['resource', { resource: '__CUSTOM_API_CALL__' }],
    ['operation of a resource', { resource: 'post', operation: '__CUSTOM_API_CALL__' }],
  ])('says where to make the Custom API Call that n8n offers as a %s', async (_, parameters) => {
    const { error } = await run(parameters);
    expect(error?.message).toBe(
      'Custom API Call: use the HTTP Request node with the credential type ImagineAnything API',
    );
    expect(error?.description).toContain('"Predefined Credential Type"');
    const continued = await run(parameters, { settings: { onError: 'continueRegularOutput' } });
    expect(continued.json).toMatchObject([{ error: error?.message }]);
    expect(sandbox.requests).toHaveLength(0);
  });

  it.each([
    [
      '501 characters',
      post('x'.repeat(501)),
      'Content: has 501 characters, but at most 500 are allowed.',
    ],
    [
      'an emoji past the limit',
      post(`${'x'.repeat(500)}👩‍👩‍👧‍👦`),
      'Content: has 501 characters, but at most 500 are allowed.',
    ],
    ['an empty text', post(''), 'Content: is required and must not be empty.'],
    [
      'a text of spaces',
      post('  '),
      'Content: is empty. Check its expression, or leave the field empty.',
    ],
    [
      'an empty ID',
      { resource: 'post', operation: 'like', post: byId('={{ "" }}') },
      'Post: is empty. Enter an ID or the URL of its page.',
    ],
    [
      'an ID that climbs',
      { resource: 'post', operation: 'delete', post: byId('..') },
      'Post: ".." is not a valid ID.',
    ],
    [
      'an ID with a slash',
      { resource: 'post', operation: 'get', post: byId('p1/../../agents/me') },
      'Post: "p1/../../agents/me" is not a valid ID.',
    ],
    [
      'the address of another page',
      { resource: 'post', operation: 'get', post: byId('https://imagineanything.com/agent/x') },
      'Post: "https://imagineanything.com/agent/x" is not the URL of a post. It must look like …/post/ID.',
    ],
    [
      'a handle with spaces',
      follow('my agent'),
      'Agent: "my agent" is not a valid handle. A handle has 3 to 30 letters, digits, or underscores, and starts with a letter.',
    ],
    [
      'a handle that climbs',
      follow('../me'),
      'Agent: "../me" is not a valid handle. A handle has 3 to 30 letters, digits, or underscores, and starts with a letter.',
    ],
    ['no handle', follow('={{ "" }}'), 'Agent: is empty. Enter a handle, such as @my_agent.'],
    [
      'a negative limit',
      { resource: 'feed', operation: 'getMany', limit: -1 },
      'Limit: is -1, but must be at least 1.',
    ],
    [
      'half a limit',
      { resource: 'feed', operation: 'getMany', limit: 1.5 },
      'Limit: must be a whole number, but is 1.5.',
    ],
    [
      'an unknown choice',
      { resource: 'profile', operation: 'update', updateFields: { agentType: 'ROBOT' } },
      'Agent Type: is "ROBOT", but must be one of ANALYST, ASSISTANT, AUTOMATION, CHATBOT, CREATIVE, OTHER.',
    ],
    [
      'an update of nothing',
      { resource: 'profile', operation: 'update', updateFields: {} },
      'Update Fields: there is nothing to update. Add at least one field.',
    ],
    [
      'an address that is none',
      { resource: 'profile', operation: 'update', updateFields: { websiteUrl: 'example.com' } },
      'Website URL: "example.com" is not a valid URL. It must start with https://.',
    ],
    [
      'five media',
      { ...post('x'), additionalFields: { mediaIds: 'a,b,c,d,e' } },
      'Media IDs: has 5 entries, but at most 4 are allowed.',
    ],
    [
      'an empty list of media in place of a text',
      { ...post(''), additionalFields: { mediaIds: '={{ [] }}' } },
      'Media IDs: is empty. Enter a value or remove the field.',
    ],
    [
      'an address that an update cannot clear',
      { resource: 'profile', operation: 'update', updateFields: { websiteUrl: '', bio: 'x' } },
      'Website URL: is empty. Enter a value or remove the field.',
    ],
    [
      'a webhook without encryption',
      { resource: 'webhook', operation: 'configure', webhookUrl: 'http://example.com/hook' },
      'Webhook URL: "http://example.com/hook" must start with https://.',
    ],
    [
      'Return All as a word',
      { resource: 'feed', operation: 'getMany', returnAll: '={{ "some" }}' },
      'Return All: must be true or false, but is "some".',
    ],
    [
      'an option out of its range',
      { resource: 'feed', operation: 'getMany', options: { concurrency: 500 } },
      'Concurrency: is 500, but must be at most 100.',
    ],
    [
      'an item without a file',
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      'Input Binary Field: the item has no binary field "data". It has no file at all.',
    ],
    ...FILE_OPERATIONS.map((parameters): [string, RunOptions['parameters'], string] => [
      `the name of no file in ${parameters.resource}: ${parameters.operation}`,
      { ...parameters, binaryPropertyName: '={{ $json.missing }}' },
      'Input Binary Field: is required and must not be empty. Give the name of the binary field with the file, or the file itself.',
    ]),
    [
      'a reply to no comment',
      {
        resource: 'comment',
        operation: 'create',
        post: byId('p1'),
        content: 'Hi',
        additionalFields: { parent: '={{ $json.missing }}' },
      },
      'Parent Comment ID: is empty. Enter a value or remove the field.',
    ],
    ...['={{ $json.missing }}', '={{ null }}', '={{ [] }}', ''].flatMap((nothing) =>
      [
        ['mediaIds', 'Media IDs'],
        ['mediaUrls', 'Media URLs'],
        ['binaryFields', 'Input Binary Fields'],
      ].map(([name, field]): [string, RunOptions['parameters'], string] => [
        `a post without its media: ${field} ${nothing}`,
        { ...post('x'), additionalFields: { [name]: nothing } },
        `${field}: is empty. Enter a value or remove the field.`,
      ]),
    ),
    [
      'a report without the post that it is about',
      {
        resource: 'report',
        operation: 'create',
        reportedAgent: byId('a1'),
        reportedPost: byId('={{ $json.missing }}'),
      },
      'Reported Post: is empty. Check its expression, or leave the field empty.',
    ],
    [
      'the handle of nobody',
      follow('={{ "@" + $json.missing }}'),
      'Agent: is "@undefined", the text of a missing value. Check its expression.',
    ],
  ])('refuses %s and sends nothing', async (_, parameters, message) => {
    const { error } = await run(parameters);

    expect(error).toMatchObject({
      message,
      description: 'Nothing was sent. Correct the value of this field in the node.',
      context: { itemIndex: 0 },
    });
    expect(sandbox.requests).toHaveLength(0);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'takes no member that every object has for the file: %s',
    async (name) => {
      const avatar = { resource: 'profile', operation: 'uploadAvatar' };
      const posts = { ...post('x'), additionalFields: { binaryFields: name } };
      for (const parameters of [{ ...avatar, binaryPropertyName: name }, posts]) {
        const { error } = await run(parameters, {
          input: [{ json: {}, binary: { data: binary(PNG.content, 'a.png', 'image/png') } }],
        });

        expect(error?.message).toMatch(`the item has no binary field "${name}". It has: data.`);
      }
      expect(sandbox.requests).toHaveLength(0);
    },
  );

  it('takes a file in a binary field with such a name', async () => {
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'constructor' },
      { input: [{ json: {}, binary: { constructor: binary(PNG.content, 'a.png', 'image/png') } }] },
    );

    expect(error).toBeUndefined();
  });

  it.each([
    ['no text', {}],
    ['spaces', '  '],
    ['very long', `${'a'.repeat(100_000)}.png`],
    ['an expression', '={{ $json.password }}'],
  ])('sends a file whose name is %s', async (_, fileName) => {
    const data = { ...binary(PNG.content, 'a.png', 'image/png'), fileName: fileName as string };
    const { error } = await run(
      { resource: 'media', operation: 'uploadImage', binaryPropertyName: 'data', purpose: 'post' },
      { input: [{ json: { password: 'hunter2' }, binary: { data } }] },
    );

    expect(error).toBeUndefined();
    const [{ filename }] = uploads(fixture);
    expect(filename.length).toBeLessThanOrEqual(255);
    expect(filename).toMatch(/\.png$|^=\{\{ \$json/);
  });

  it('refuses a binary field without content', async () => {
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      { input: [{ json: {}, binary: { data: { mimeType: 'image/png' } as never } }] },
    );

    expect(error?.message).toBe('Input Binary Field: the file in "data" has no content.');
  });

  it.each([
    [
      'the name of a binary field',
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: '={{ ({}) }}' },
      'Input Binary Field: must be the name of a binary field or a file, but is an object.',
    ],
    [
      'Timeout, which no timer takes',
      { ...post('x'), options: { timeout: 2 ** 31 } },
      'Timeout (Milliseconds): is 2147483648, but must be at most 3600000.',
    ],
    [
      'an ID that begins an expression',
      { resource: 'post', operation: 'get', post: byId('={{ "=" + "x" }}') },
      'Post: "=x" is not a valid ID: an ID cannot start with "=".',
    ],
  ])('refuses what is unfit for %s', async (_, parameters, message) => {
    const { error } = await run(parameters);

    expect(error?.message).toBe(message);
    expect(sandbox.requests).toHaveLength(0);
  });

  it('refuses a file that is no image, whatever it claims to be', async () => {
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      {
        input: [
          { json: {}, binary: { data: binary(Buffer.from('plain text'), 'a.png', 'image/png') } },
        ],
      },
    );

    expect(error?.message).toBe(
      'Input Binary Field: the file in "data" is of another type. Allowed are JPG, PNG, GIF, WEBP.',
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it('refuses a file that is too large', async () => {
    const large = Buffer.concat([PNG.content, Buffer.alloc(5 * 1024 * 1024)]);
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      { input: [{ json: {}, binary: { data: binary(large, 'a.png', 'image/png') } }] },
    );

    expect(error?.message).toBe(
      'Input Binary Field: the file in "data" has 5,242,950 bytes, but at most 5 MB (5,242,880 bytes) are allowed.',
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it.each([
    ['$now', '={{ $now }}'],
    ['a Date', '={{ new Date() }}'],
  ])('writes %s in a text in ISO 8601', async (_, content) => {
    const before = Date.now();
    const { error } = await run(post(content));

    expect(error).toBeUndefined();
    const written = String(sandbox.state.postsBy(fixture.me.id)[0].content);
    expect(written).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/);
    expect(Date.parse(written)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(written)).toBeLessThanOrEqual(Date.now());
  });

  it('takes 500 characters of which the last is an emoji of many parts', async () => {
    const content = `${'x'.repeat(499)}👩‍👩‍👧‍👦`;
    const { json, error } = await run(post(content));

    expect(error).toBeUndefined();
    expect(json).toMatchObject([{ content }]);
  });

  it('sends nothing for a batch in which one item is invalid', async () => {
    const { error } = await run(post('={{ $json.text }}'), {
      input: [{ json: { text: 'fine' } }, { json: { text: '' } }],
    });

    expect(error).toMatchObject({
      message: 'Content: is required and must not be empty.',
      context: { itemIndex: 1 },
    });
    expect(sandbox.requests).toHaveLength(0);
  });

  it('sends the valid items of a batch that continues on fail', async () => {
    const { json, items } = await run(post('={{ $json.text }}'), {
      input: [{ json: { text: 'one' } }, { json: { text: '' } }, { json: { text: 'three' } }],
      settings: { onError: 'continueRegularOutput' },
    });

    expect(json).toMatchObject([
      { content: 'one' },
      {
        error: 'Content: is required and must not be empty.',
        details: {
          description: 'Nothing was sent. Correct the value of this field in the node.',
        },
      },
      { content: 'three' },
    ]);
    expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
    expect(sandbox.state.postsBy(fixture.me.id)).toHaveLength(2);
  });

  it('sends a failed item to the error output, with its input', async () => {
    const { run: execution } = await run(
      { resource: 'post', operation: 'get', post: byId('={{ $json.id }}') },
      { input: [{ json: { id: 'post_unknown' } }], settings: { onError: 'continueErrorOutput' } },
    );
    const branches = execution.data.resultData.runData.ImagineAnything[0].data?.main;

    expect(branches?.[0]).toEqual([]);
    expect(branches?.[1]).toMatchObject([
      { json: { id: 'post_unknown', error: NO_POST, details: { httpStatus: 404 } } },
    ]);
  });

  it.each([
    [
      'an option is out of its range',
      { options: { concurrency: 500 } },
      'Concurrency: is 500, but must be at most 100.',
    ],
    ['the base URL is refused', {}, PLAIN_BASE_URL],
  ])(
    'fails each item when %s, and passes none on as if it had succeeded',
    async (_, more, says) => {
      n8n.saveCredential('plain', { ...fixture.me, baseUrl: 'http://imagineanything.com' });
      const input = [{ json: { text: 'one' } }, { json: { text: 'two' } }];
      const { run: execution, items } = await run(
        { ...post('={{ $json.text }}'), ...more },
        { credential: 'plain', input, settings: { onError: 'continueErrorOutput' } },
      );
      const branches = execution.data.resultData.runData.ImagineAnything[0].data?.main;

      expect(branches?.[0]).toEqual([]);
      expect(branches?.[1]).toMatchObject(
        input.map(({ json }) => ({
          json: { ...json, error: says },
        })),
      );
      expect(items).toHaveLength(2);
    },
  );

  const search = (value: string) => ({
    resource: 'agent',
    operation: 'getMany',
    returnAll: true,
    filters: { search: value },
  });

  it.each(['{{ $json.missing }}', '{{ null }}', '{{ "" }}', '{{ "undefined" }}', ' '])(
    'refuses a filter whose expression finds nothing, as it would give more: =%s',
    async (expression) => {
      const { error } = await run(search(`=${expression}`));

      expect(error).toMatchObject({
        message: 'Search: its expression finds nothing. Give a value, or remove the filter.',
        description: 'Nothing was sent. Correct the value of this field in the node.',
      });
      expect(sandbox.requests).toHaveLength(0);
    },
  );

  it.each(['{{ $json.missing }}', '{{ [] }}'])(
    'refuses such a list of filters: =%s',
    async (expression) => {
      const { error } = await run({
        resource: 'agent',
        operation: 'getRecommended',
        filters: { skills: `=${expression}` },
      });

      expect(error?.message).toMatch('Skills: its expression finds nothing.');
      expect(sandbox.requests).toHaveLength(0);
    },
  );

  it('takes an empty field for no filter, and a text as it is', async () => {
    const all = await run(search(''));

    expect(all.error).toBeUndefined();
    expect(all.items).toHaveLength(sandbox.state.agents.size);
    expect((await run(search('undefined'))).json).toEqual([]);
  });

  it('reads Return All from the text that an expression gives', async () => {
    const read = { resource: 'feed', operation: 'getPublicTimeline', limit: 1 };
    for (let count = 0; count < 3; count += 1) await run(post('x'));

    expect((await run({ ...read, returnAll: '={{ "false" }}' })).items).toHaveLength(1);
    expect((await run({ ...read, returnAll: '={{ "true" }}' })).items.length).toBeGreaterThan(1);
  });

  it("gives status and the service's code for an item that the service refused", async () => {
    const { id } = await postOfOther(fixture);
    const { json } = await run(
      { resource: 'post', operation: 'delete', post: byId('={{ $json.id }}') },
      {
        input: [{ json: { id } }, { json: { id: 'post_unknown' } }],
        settings: { onError: 'continueRegularOutput' },
      },
    );

    expect(json).toMatchObject([
      {
        error: 'Delete post: You can only delete your own posts (HTTP 403, forbidden)',
        details: { httpStatus: 403, errorCode: 'forbidden' },
      },
      {
        details: {
          httpStatus: 404,
          errorCode: 'not_found',
          description: 'The post "post_unknown" was not found. It may have been deleted.',
        },
      },
    ]);
    expect(sandbox.state.posts.has(id)).toBe(true);
  });

  it('says that a web page came instead of JSON', async () => {
    sandbox.faults.add({
      match: { path: '/api/feed' },
      times: Infinity,
      fault: { kind: 'bad-gateway' },
    });
    const { error } = await run({ resource: 'feed', operation: 'getMany' });

    expect(error).toMatchObject({
      message:
        'Get many feed posts: the response is a web page instead of JSON, probably from a proxy (HTTP 502)',
      description:
        'ImagineAnything could not process the request. Try again later. Your workflow does not need to change.',
      httpCode: '502',
    });
  });

  it('takes a 204 without a body for a success', async () => {
    const { id } = await postOfOther(fixture);
    sandbox.faults.add({
      match: { operationId: 'postLike' },
      fault: { kind: 'status', status: 204 },
    });
    const { json, error } = await run({ resource: 'post', operation: 'like', post: byId(id) });

    expect(error).toBeUndefined();
    expect(json).toEqual([{ success: true }]);
  });

  it.each([
    ['another key', { results: [{ id: 'a' }, { id: 'b' }] }, [{ id: 'a' }, { id: 'b' }]],
    ['a bare list', [{ id: 'a' }, 'b'], [{ id: 'a' }, { value: 'b' }]],
    [
      'lists further in',
      { data: { agents: [{ id: 'a' }] } },
      [{ data: { agents: [{ id: 'a' }] } }],
    ],
  ])('loses nothing of a search that answers with %s', async (_, body, items) => {
    sandbox.faults.add({
      match: { path: '/api/search' },
      fault: { kind: 'status', status: 200, body },
    });
    const filters = { type: 'agents' };
    const { json, error } = await run({
      resource: 'discovery',
      operation: 'search',
      query: 'x',
      filters,
    });

    expect(error).toBeUndefined();
    expect(json).toEqual(items.map((item) => ({ ...item, resultType: 'agent' })));
  });

  it.each([
    ['agent', 'getMany', 'Get many feed posts', CHOOSE_CREDENTIAL],
    ['agent', 'getPublicTimeline', 'Get many public timeline posts', CHOOSE_CREDENTIAL],
    ['none', 'getMany', 'Get many feed posts', SET_AUTHENTICATION],
  ])(
    'says with Authentication %s that Feed: %s lacks a credential',
    async (authentication, operation, action, description) => {
      const parameters = { authentication, resource: 'feed', operation };
      const { error } = await n8n.run({ parameters });

      expect(error).toMatchObject({
        message: `${action}: this operation requires a credential`,
        description: `Nothing was sent. ${description}`,
      });
    },
  );

  it('gives each item the error of a missing credential where the node continues', async () => {
    const { json, error } = await run(
      { authentication: 'none', resource: 'post', operation: 'delete', post: 'p1' },
      { input: [{ json: {} }, { json: {} }], settings: { onError: 'continueRegularOutput' } },
    );

    expect(error).toBeUndefined();
    expect(json.map((item) => item.error)).toEqual(
      Array(2).fill('Delete post: this operation requires a credential'),
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it.each(['nobody', '', null, { mode: 'none' }])(
    'refuses %j as Authentication',
    async (authentication) => {
      const { error } = await run({ ...post('x'), authentication });

      expect(error?.message).toMatch(/^Authentication: /);
      expect(sandbox.requests).toHaveLength(0);
    },
  );

  it('refuses a base URL that would send secrets unencrypted', async () => {
    n8n.saveCredential('plain', { ...fixture.me, baseUrl: 'http://imagineanything.com' });
    const { error } = await run(post('x'), { credential: 'plain' });

    expect(error?.message).toBe(PLAIN_BASE_URL);
    expect(sandbox.requests).toHaveLength(0);
  });

  it('stops with the first error in input order', async () => {
    const { id } = await postOfOther(fixture);
    const { error } = await run(
      { resource: 'post', operation: 'get', post: byId('={{ $json.id }}') },
      { input: [{ json: { id } }, { json: { id: 'post_a' } }, { json: { id: 'post_b' } }] },
    );

    expect(error).toMatchObject({
      context: { itemIndex: 1, httpStatus: 404, errorCode: 'not_found' },
    });
  });
});
