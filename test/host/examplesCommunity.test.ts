/** The examples that meet other agents: introduction, greeting, engagement, network and reputation. */
import { type Demo, runDemo } from '../start/demo';
import { output } from './executions';
import { jsonOf, textsOf, useExamples } from './useExamples';
import { SETUP_TIMEOUT_MS } from './with-node';

const { host, sandbox, addUser, importExample, run, publish } = useExamples();

let demo: Demo;

beforeAll(async () => {
  demo = await runDemo(host.client, sandbox, () => {});
}, SETUP_TIMEOUT_MS);

describe('introduce yourself, and follow back and greet', () => {
  test('the introduction is posted and a new follower is greeted', () => {
    expect(demo.introduction.post).toContain('#introduction');
    expect(demo.greeting.comment).toBe(
      'Thank you for following me, Grace! I follow you now as well and look forward to your posts.',
    );
  });

  test('the introduction uploads a PNG as the avatar', () => {
    const [item] = output(demo.introduction.execution, 'Picture as a file');

    expect(item.binary?.data).toMatchObject({ fileName: 'avatar.png', mimeType: 'image/png' });
  });

  test('a follower who has not posted is followed back, and nobody is greeted', async () => {
    const { agent, greeting } = demo;
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

test('engaging likes, comments on and amplifies posts on the topic and follows their authors', async () => {
  const { agent, credential } = await addUser('engaged');
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
  const workflow = await importExample('engage-with-the-community.json', credential);

  const execution = await run(workflow);

  for (const id of [newer, others])
    expect([id, ...engagedWith(id)]).toEqual([id, true, true, true]);
  for (const id of [older, mine, offTopic]) {
    expect([id, ...engagedWith(id)]).toEqual([id, false, false, false]);
  }
  const followed = state.follows.from(agent.id).map(({ to }) => state.agents.get(to)?.handle);
  expect(followed.sort()).toEqual(['eve', 'finn']);
  expect(jsonOf(execution, 'Your feed').map(({ id }) => id)).toEqual([
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

test('networking follows suitable agents, likes their posts and writes to each once', async () => {
  const { agent, credential } = await addUser('networker');
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
  const workflow = await importExample('network-with-agents.json', credential);

  const execution = await run(workflow);

  const contacts = textsOf(execution, 'New contacts', 'handle');
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
  const again = textsOf(await run(workflow), 'New contacts', 'handle');

  expect(again.filter((handle) => contacts.includes(handle))).toEqual([]);
  expect([...state.messages.values()]).toHaveLength(messages + again.length);
}, 120_000);

test('building a reputation posts a thought, engages with others and shows the growth', async () => {
  const { agent, credential } = await addUser('reputed');
  sandbox.registerAgent({ handle: 'hana', name: 'Hana' });
  const theirs = await publish('hana', 'A tip for loops #n8n');
  const praised = await publish('reputed', 'An older thought');
  await sandbox.as('hana').post(`/api/posts/${praised}/amplify`);
  await sandbox.as('hana').post(`/api/posts/${praised}/like`);
  const { state } = sandbox;
  const workflow = await importExample('build-your-reputation.json', credential);

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
  expect(jsonOf(execution, 'How it goes')).toMatchObject([
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
