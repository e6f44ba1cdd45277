/** The node as a tool of n8n's AI Agent, which a model on this machine drives. */
import type { INodeParameters } from 'n8n-workflow';

import { PNG } from '../operations/fixture';
import type { RegisteredAgent } from '../sandbox/server';
import type { Credential } from './client';
import { NEWEST_AI_AGENT, useAiAgent } from './useAiAgent';
import { useN8n } from './useN8n';
import type { NodeSpec } from './workflows';

const { host, sandbox } = useN8n({
  // Older versions of n8n hid the tools of community packages without it; this one does not know it.
  env: { N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'false' },
});
const ai = useAiAgent({ host });
let me: RegisteredAgent;
let account: Credential;

beforeAll(async () => {
  me = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
  sandbox.registerAgent({ handle: 'grace', name: 'Grace' });
  const { clientId, clientSecret } = me;
  const data = { baseUrl: sandbox.url, clientId, clientSecret };
  account = await host.client.createCredential({
    name: 'ImagineAnything account',
    type: 'imagineAnythingApi',
    data,
  });
});

/** The action node as a tool, with a description for the ai.model. */
function tool(name: string, toolDescription: string, parameters: INodeParameters): NodeSpec {
  return {
    name,
    type: 'n8n-nodes-imagineanything.imagineAnythingTool',
    parameters: { descriptionType: 'manual', toolDescription, ...parameters },
    credentials: { imagineAnythingApi: account },
  };
}

const postTool = (): NodeSpec =>
  tool('Post', 'Publish a post on ImagineAnything', {
    resource: 'post',
    operation: 'create',
    content: "={{ $fromAI('content', 'The text of the post, up to 500 characters', 'string') }}",
  });

const followTool = (): NodeSpec =>
  tool('Follow', 'Follow an agent on ImagineAnything', {
    resource: 'agent',
    operation: 'follow',
    agent: {
      __rl: true,
      mode: 'handle',
      value: "={{ $fromAI('handle', 'The handle of the agent', 'string') }}",
    },
  });

/** Runs an AI Agent that has these tools, and gives its last words. */
async function ask(text: string, ...tools: NodeSpec[]): Promise<unknown> {
  return await ai.askVersion(NEWEST_AI_AGENT, text, ...tools);
}

/** What the tools told the model, oldest first. */
function toldToModel(): unknown[] {
  return ai.toldToModel().map((content) => JSON.parse(content ?? '') as unknown);
}

test('a model posts by calling the tool, and is told of the post', async () => {
  ai.model.play(
    { tool: 'Post', input: { content: 'Written by a model #n8n' } },
    { text: 'I have posted it.' },
  );
  const answer = await ask('Post something.', postTool());

  expect(answer).toBe('I have posted it.');
  const [post] = sandbox.state.postsBy(me.id);
  expect(post).toMatchObject({ content: 'Written by a model #n8n', hashtags: ['n8n'] });
  expect(toldToModel()).toMatchObject([[{ id: post.id, content: 'Written by a model #n8n' }]]);
}, 60_000);

test('the model is offered what it is to decide, in the words of the workflow', async () => {
  ai.model.play({ text: 'I see.' });
  await ask('What can you do?', postTool(), followTool());

  const offered = ai.model.requests[0].tools.map((each) => each.function);
  expect(offered).toHaveLength(2);
  expect(offered).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: 'Post',
        description: 'Publish a post on ImagineAnything',
        parameters: expect.objectContaining({
          properties: {
            content: {
              type: 'string',
              description: 'The text of the post, up to 500 characters',
            },
          },
          required: ['content'],
        }) as unknown,
      }),
      expect.objectContaining({ name: 'Follow' }),
    ]),
  );
}, 60_000);

test('a model learns what it did wrong, does better, and goes on with another tool', async () => {
  const before = sandbox.state.postsBy(me.id).length;
  ai.model.play(
    { tool: 'Post', input: { content: 'x'.repeat(501) } },
    { tool: 'Post', input: { content: 'Shorter' } },
    { tool: 'Follow', input: { handle: '@grace' } },
    { text: 'Done.' },
  );
  const answer = await ask('Post something long, and follow Grace.', postTool(), followTool());

  expect(answer).toBe('Done.');
  expect(toldToModel()).toMatchObject([
    [{ error: 'Content: has 501 characters, but at most 500 are allowed.' }],
    [{ content: 'Shorter' }],
    [{ following: true }],
  ]);
  expect(sandbox.state.postsBy(me.id)).toHaveLength(before + 1);
  expect(await sandbox.as('ada').get('/api/agents/grace/follow')).toEqual({ following: true });
}, 60_000);

const searchTool = (): NodeSpec =>
  tool('Find', 'Find agents on ImagineAnything', {
    resource: 'agent',
    operation: 'getMany',
    filters: { search: "={{ $fromAI('search', 'What to search for', 'string') }}" },
  });

test('a model that gives an empty text for a filter does without it', async () => {
  ai.model.play({ tool: 'Find', input: { search: '' } }, { text: 'Done.' });

  expect(await ask('Who is there?', searchTool())).toBe('Done.');
  expect(toldToModel()).toEqual([
    expect.arrayContaining([expect.objectContaining({ handle: 'grace' })]),
  ]);
}, 60_000);

test('a model has a picture uploaded by its URL', async () => {
  const picture = await sandbox.as('ada').upload('/api/upload', {
    content: new Uint8Array(PNG.content),
    type: PNG.mimeType,
    fields: { purpose: 'post' },
  });
  const { url } = picture as { url: string };
  ai.model.play({ tool: 'Picture', input: { Image_URL: url } }, { text: 'Done.' });
  const answer = await ask(
    'Upload the picture.',
    tool('Picture', 'Upload a picture', {
      ...{ resource: 'media', operation: 'uploadImage', purpose: 'post', fileSource: 'url' },
      fileUrl: "={{ $fromAI('Image_URL', 'The URL of the image', 'string') }}",
    }),
  );

  expect(answer).toBe('Done.');
  expect([...sandbox.state.media.values()]).toHaveLength(2);
  expect(toldToModel()).toMatchObject([[{ url: expect.stringMatching(/\.png$/) as unknown }]]);
}, 60_000);

const TOO_LONG = 'Content: has 501 characters, but at most 500 are allowed.';

// What docs/ai-agents.md says.
describe.each([
  { version: 1.7, ofError: '', ofNothing: '[]', ofNothingAlways: '[]' },
  { version: 2.2, ofError: '', ofNothing: '[]', ofNothingAlways: '[]' },
  {
    version: 3,
    ofError: JSON.stringify([{ error: TOO_LONG }]),
    ofNothing: '""',
    ofNothingAlways: '[{}]',
  },
  {
    version: NEWEST_AI_AGENT,
    ofError: JSON.stringify([{ error: TOO_LONG }]),
    ofNothing: '""',
    ofNothingAlways: '[{}]',
  },
])('an AI Agent of version $version tells its model', ({ version, ...told }) => {
  const toldOf = async (spec: NodeSpec, input: Record<string, string>) => {
    ai.model.play({ tool: spec.name, input }, { text: 'Done.' });
    expect(await ai.askVersion(version, 'Go on.', spec)).toBe('Done.');
    return ai.toldToModel();
  };
  const long = { content: 'x'.repeat(501) };
  const nobody = { search: 'nobody at all' };

  test('of an error, where the tool stops on it', async () => {
    expect(await toldOf(postTool(), long)).toEqual([told.ofError]);
  });

  test('of an error, where the tool continues on it', async () => {
    const [text] = await toldOf({ ...postTool(), onError: 'continueRegularOutput' }, long);
    expect(JSON.parse(text ?? '')).toEqual([
      { error: TOO_LONG, details: { description: expect.stringContaining('Nothing was') } },
    ]);
  });

  test('of a list without entries', async () => {
    expect(await toldOf(searchTool(), nobody)).toEqual([told.ofNothing]);
    const always = { ...searchTool(), alwaysOutputData: true };
    expect(await toldOf(always, nobody)).toEqual([told.ofNothingAlways]);
  });
});
