import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type RegisteredAgent, type Sandbox, startSandbox } from '../sandbox/server';
import { type Story, tellStory } from '../start/story';
import type { Credential, Execution, SavedWorkflow, WorkflowJson } from './client';
import { failure, output } from './executions';
import { CHECKOUT } from './paths';
import { type N8nWithNode, SETUP_TIMEOUT_MS, startN8nWithNode } from './with-node';
import { MANUAL, withCredential } from './workflows';

const FOLDER = join(CHECKOUT, 'examples');

let host: N8nWithNode;
let sandbox: Sandbox;
let story: Story;

beforeAll(async () => {
  [host, sandbox] = await Promise.all([startN8nWithNode(), startSandbox()]);
  story = await tellStory(host.client, sandbox, () => {});
}, SETUP_TIMEOUT_MS);

afterEach(() => {
  expect(sandbox.contractViolations).toEqual([]);
});

afterAll(async () => {
  await host?.close();
  await sandbox?.close();
}, 60_000);

async function examples(): Promise<Array<[file: string, workflow: WorkflowJson]>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json'));
  return await Promise.all(
    files.map(async (file): Promise<[string, WorkflowJson]> => [file, await example(file)]),
  );
}

async function example(file: string): Promise<WorkflowJson> {
  return JSON.parse(await readFile(join(FOLDER, file), 'utf8')) as WorkflowJson;
}

/** An agent, and the credential that a user of n8n has for it. */
interface User {
  agent: RegisteredAgent;
  credential: Credential;
}

async function userOf(handle: string, openAiApiKey?: string): Promise<User> {
  const agent = sandbox.registerAgent({ handle, name: handle });
  const { clientId, clientSecret } = agent;
  const credential = await host.client.createCredential({
    name: `ImagineAnything account of @${handle}`,
    type: 'imagineAnythingApi',
    data: {
      ...{ baseUrl: sandbox.url, clientId, clientSecret },
      ...(openAiApiKey && { useAiProviderKeys: true, openAiApiKey }),
    },
  });
  return { agent, credential };
}

/** Imports an example and chooses the credential in it. */
async function imported(file: string, credential: Credential): Promise<SavedWorkflow> {
  return await host.client.createWorkflow(withCredential(await example(file), credential));
}

/** Runs a workflow from one of its triggers, and requires that it ends well. */
async function run({ id }: SavedWorkflow, trigger = MANUAL): Promise<Execution> {
  const execution = await host.client.runToEnd(id, trigger, 90_000);
  expect([execution.status, failure(execution)]).toEqual(['success', undefined]);
  return execution;
}

/** Publishes a post, and gives its id. */
async function publish(handle: string, content: string): Promise<string> {
  const answer = await sandbox.as(handle).post('/api/posts', { content });
  return (answer as { post: { id: string } }).post.id;
}

const json = (execution: Execution, node: string) =>
  output(execution, node).map((item) => item.json);

/** A text that a node put out for each item. */
const texts = (execution: Execution, node: string, member: string) =>
  json(execution, node).map((item) => item[member] as string);

describe('introduce yourself, and follow back and greet', () => {
  test('they do what npm start says they do', () => {
    expect(story.introduction.post).toContain('#introduction');
    expect(story.greeting.comment).toBe(
      'Thank you for following me, Grace! I follow you now as well and look forward to your posts.',
    );
  });

  test('the picture is a PNG that the sandbox took', () => {
    const [item] = output(story.introduction.execution, 'Picture as a file');

    expect(item.binary?.data).toMatchObject({ fileName: 'avatar.png', mimeType: 'image/png' });
  });

  test('a follower who has not posted is followed back, and nobody is greeted', async () => {
    const { agent, greeting } = story;
    const quiet = sandbox.registerAgent({ handle: 'quiet', name: 'Quiet' });

    await sandbox.as(quiet.handle).post(`/api/agents/${agent.handle}/follow`);
    const [{ id }] = await host.client.executionsEnded(greeting.workflow.id, 2);
    const execution = await host.client.execution(id);

    expect(execution.status).toBe('success');
    expect(output(execution, 'Greet them')).toEqual([]);
    expect(await sandbox.as(agent.handle).get('/api/agents/quiet/follow')).toEqual({
      following: true,
    });
  }, 60_000);
});

test('engage: posts on the topic are liked, commented and amplified, their authors followed', async () => {
  const { agent, credential } = await userOf('engaged');
  for (const handle of ['eve', 'finn']) sandbox.registerAgent({ handle, name: handle });
  const older = await publish('eve', 'Automation is older than computers.');
  const newer = await publish('eve', 'What do you leave to AUTOMATION, and what not?');
  const others = await publish('finn', 'My automation of the week: a coffee machine.');
  const mine = await publish('engaged', 'I write about automation myself.');
  const offTopic = await publish('finn', 'Good morning!');
  const { state } = sandbox;
  const engagedWith = (id: string) => [
    state.likes.has(agent.id, id),
    state.amplifies.has(agent.id, id),
    state.commentsOn(id).some(({ agentId }) => agentId === agent.id),
  ];
  const workflow = await imported('engage-with-the-community.json', credential);

  const execution = await run(workflow);

  for (const id of [newer, others])
    expect([id, ...engagedWith(id)]).toEqual([id, true, true, true]);
  for (const id of [older, mine, offTopic]) {
    expect([id, ...engagedWith(id)]).toEqual([id, false, false, false]);
  }
  const followed = state.follows.from(agent.id).map(({ to }) => state.agents.get(to)?.handle);
  expect(followed.sort()).toEqual(['eve', 'finn']);
  expect(json(execution, 'Your feed').map(({ id }) => id)).toEqual([
    offTopic,
    others,
    newer,
    older,
  ]);

  // Run again, it goes on with what it has not liked yet.
  await run(workflow);

  expect(engagedWith(older)).toEqual([true, true, true]);
  expect(state.commentsOn(newer)).toHaveLength(1);
}, 120_000);

test('network: agents that fit are followed, liked and written to, each once', async () => {
  const { agent, credential } = await userOf('networker');
  for (const handle of ['data_dora', 'gil', 'known_data']) {
    sandbox.registerAgent({ handle, name: handle });
  }
  // Dora is found by the subject, Gil because he resembles the agent.
  for (const handle of ['networker', 'gil']) {
    await sandbox.as(handle).patch('/api/agents/me/capabilities', {
      skills: ['weaving', 'networks', 'knots', 'nets', 'ropes'],
    });
  }
  await sandbox.as('networker').post('/api/agents/known_data/follow');
  const first = await publish('gil', 'A first knot');
  const newest = await publish('gil', 'A better knot');
  const unknown = await publish('known_data', 'You know me');
  const { state } = sandbox;
  const workflow = await imported('network-with-agents.json', credential);

  const execution = await run(workflow);

  const contacts = texts(execution, 'New contacts', 'handle');
  expect(contacts).toHaveLength(3);
  expect(contacts).toEqual(expect.arrayContaining(['data_dora', 'gil']));
  expect(contacts).not.toContain('known_data');
  for (const handle of contacts) {
    const other = state.agentByHandle(handle);
    expect(state.follows.has(agent.id, other?.id ?? '')).toBe(true);
    const { conversations } = (await sandbox.as(handle).get('/api/conversations')) as {
      conversations: unknown[];
    };
    expect(conversations).toHaveLength(1);
  }
  expect([first, newest, unknown].map((id) => state.likes.has(agent.id, id))).toEqual([
    false,
    true,
    false,
  ]);

  // Run again, it writes to nobody a second time.
  const messages = [...state.messages.values()].length;
  const again = texts(await run(workflow), 'New contacts', 'handle');

  expect(again.filter((handle) => contacts.includes(handle))).toEqual([]);
  expect([...state.messages.values()]).toHaveLength(messages + again.length);
}, 120_000);

test('reputation: a thought is posted, others are engaged with, and the growth is shown', async () => {
  const { agent, credential } = await userOf('reputed');
  sandbox.registerAgent({ handle: 'hana', name: 'Hana' });
  const theirs = await publish('hana', 'A tip for loops #n8n');
  const praised = await publish('reputed', 'An older thought');
  await sandbox.as('hana').post(`/api/posts/${praised}/amplify`);
  await sandbox.as('hana').post(`/api/posts/${praised}/like`);
  const { state } = sandbox;
  const workflow = await imported('build-your-reputation.json', credential);

  const execution = await run(workflow, 'Every day at nine');

  const posts = state.postsBy(agent.id);
  expect(posts.map(({ content }) => content)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^\S.{20,} #n8n$/)]),
  );
  expect(state.likes.has(agent.id, theirs)).toBe(true);
  expect(state.amplifies.has(agent.id, theirs)).toBe(true);
  expect(state.commentsOn(theirs)).toMatchObject([{ agentId: agent.id }]);
  expect(posts.filter(({ repostOfId }) => repostOfId !== null)).toHaveLength(1);
  const earned = [...state.axp.values()].filter(({ agentId }) => agentId === agent.id);
  expect(json(execution, 'How it goes')).toMatchObject([
    {
      axp: earned.reduce((sum, { amount }) => sum + amount, 0),
      level: 1,
      thisWeek: { likes: 1 },
      bestPost: 'An older thought',
    },
  ]);

  // A day later the same posts are left alone.
  await run(workflow, 'Every day at nine');

  expect(state.commentsOn(theirs)).toHaveLength(1);
}, 120_000);

describe('generate', () => {
  test('the provider is connected, and the post with the image is there', async () => {
    const { agent, credential } = await userOf('generator', 'sk-of-the-example');
    const workflow = await imported('generate-content.json', credential);

    const execution = await run(workflow);

    const [post] = sandbox.state.postsBy(agent.id);
    expect(post).toMatchObject({
      content: 'This morning I imagined a lighthouse of glass. #generated',
      mediaType: 'IMAGE',
      mediaUrls: [expect.stringMatching(/\.png$/)],
    });
    expect(json(execution, 'Generate and wait')).toMatchObject([
      { status: 'completed', postId: post.id, post: { id: post.id } },
    ]);
  }, 120_000);

  test('a key that does not work ends it with what the provider says', async () => {
    const { agent, credential } = await userOf('keyless', 'invalid-key-of-the-example');
    const { id } = await imported('generate-content.json', credential);

    const execution = await host.client.runToEnd(id, MANUAL);

    expect(failure(execution)).toBe('The provider does not accept the key: Invalid API key');
    expect(sandbox.state.postsBy(agent.id)).toEqual([]);
  }, 60_000);
});

test('sell and buy: from the offer over payment and delivery to the review', async () => {
  const [seller, buyer] = [await userOf('seller'), await userOf('buyer')];
  const sell = await imported('sell-on-the-marketplace.json', seller.credential);
  const buy = await imported('buy-on-the-marketplace.json', buyer.credential);
  const { state } = sandbox;

  const [onboardingUrl] = texts(await run(sell), 'Set up payments', 'onboardingUrl');
  expect([...state.services.values()]).toMatchObject([
    { agentId: seller.agent.id, title: 'Your data in plain words', price: 500 },
  ]);
  // What happens in a browser: the seller completes its account, the buyer pays.
  await fetch(onboardingUrl);
  expect(state.paymentAccounts.get(seller.agent.id)).toMatchObject({ onboarded: true });

  const ordered = await run(buy);
  const [id] = texts(ordered, 'Order it', 'id');
  const [checkoutUrl] = texts(ordered, 'Order it', 'coinbaseCheckoutUrl');
  const order = state.orders.get(id);
  expect(order).toMatchObject({
    buyerId: buyer.agent.id,
    sellerId: seller.agent.id,
    status: 'PENDING_PAYMENT',
    requirements: 'What is odd about the numbers at https://example.com/numbers.csv?',
  });
  await run(sell, 'Every 15 minutes');
  expect(order?.status).toBe('PENDING_PAYMENT');
  await fetch(checkoutUrl);

  await run(sell, 'Every 15 minutes');
  expect(order).toMatchObject({
    status: 'DELIVERED',
    deliverables: expect.stringContaining('https://example.com/results/') as unknown,
  });
  expect([...state.orderMessages.values()]).toMatchObject([
    { orderId: id, agentId: seller.agent.id },
  ]);

  await run(buy, 'Every 15 minutes');
  expect(order?.status).toBe('COMPLETED');
  const [review] = state.reviews.values();
  expect(review).toMatchObject({ orderId: id, agentId: buyer.agent.id, rating: 5 });
  expect([...state.payouts.values()]).toMatchObject([{ agentId: seller.agent.id, amount: 500 }]);

  const evening = await run(sell, 'Every evening');
  expect(json(evening, 'What buyers say')).toMatchObject([{ id: review.id, rating: 5 }]);
}, 180_000);

test('an example can be imported as it is', async () => {
  for (const [, workflow] of await examples()) {
    const saved = await host.client.createWorkflow(workflow);

    expect(saved.nodes).toHaveLength(workflow.nodes.length);
    await host.client.deleteWorkflow(saved.id);
  }
}, 60_000);

test('an example holds nothing of the n8n and the account that it was made with', async () => {
  for (const [file, workflow] of await examples()) {
    const text = JSON.stringify(workflow);

    expect(text).not.toMatch(/instanceId|versionId|webhookId|clientSecret|clientId|iat_|iar_/);
    // The editor fills in the credential of a node that names none, and leaves any other as it is.
    const naming = workflow.nodes.filter((node) => 'credentials' in node).map(({ name }) => name);
    expect([file, naming]).toEqual([file, []]);
  }
});
