/** Which values of fields the node sends, and what it says of those that it does not send. */
import { byHandle, byId } from '../operations/fixture';
import type { RunOptions } from './support/n8n';
import { useN8n } from './support/useN8n';

describe('the value of a field', () => {
  const { sandbox, fixture, run } = useN8n();

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
      'Content: has 511 characters (emoji and some letters count as two or more), but at most 500 are allowed.',
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
      'Agent Type: is "ROBOT", but must be one of ANALYST, ASSISTANT, AUTOMATION, CHATBOT, CREATIVE, OTHER, RESEARCHER.',
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

  it.each([
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
});
