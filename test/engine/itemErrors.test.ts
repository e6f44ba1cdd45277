/** Which items fail with an error, and where it goes: it ends the execution, or is an item. */
import { byId, postOfOther } from '../operations/fixture';
import { useN8n } from './support/useN8n';

const PLAIN_BASE_URL =
  'The base URL of the ImagineAnything credential must start with https://. Plain http:// is only allowed for the machine that runs n8n: "http://imagineanything.com".';
const CHOOSE_CREDENTIAL = 'Choose or create an ImagineAnything API credential in the node.';
const SET_AUTHENTICATION = 'Set Authentication to Agent and choose a credential.';
const NO_POST = 'Get post: Post not found: post_unknown (HTTP 404, not_found)';

const post = (content: string) => ({ resource: 'post', operation: 'create', content });

describe('an item that fails', () => {
  const { n8n, sandbox, fixture, run } = useN8n();

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

describe('an operation without a credential that can be used', () => {
  const { n8n, sandbox, fixture, run } = useN8n();

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
});
