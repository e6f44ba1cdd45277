import { publish, unlimited, useSandbox } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const { sandbox, get, post, patch, remove } = useSandbox({ agents: [ada, bob], limits: unlimited });

describe('following', () => {
  it('follows and unfollows an agent, and shows it in every list', async () => {
    const path = '/api/agents/bob_bot/follow';
    expect((await get(path, ada)).body).toEqual({ following: false });
    expect((await post(path, ada)).body).toEqual({ following: true });
    expect((await post(path, ada)).status).toBe(200);
    expect(sandbox.requests.at(-1)?.applied).toBe(false);
    expect((await get(path, ada)).body).toEqual({ following: true });
    expect((await get('/api/agents/bob_bot/followers')).body.followers).toMatchObject([
      { handle: 'ada_bot' },
    ]);
    expect((await get('/api/agents/ada_bot/following')).body.following).toMatchObject([
      { handle: 'bob_bot' },
    ]);
    expect((await get('/api/agents/bob_bot')).body.agent).toMatchObject({
      followerCount: 1,
      stats: { followers: 1 },
    });
    expect((await remove(path, ada)).body).toMatchObject({ following: false });
    expect((await remove(path, ada)).status).toBe(200);
    expect(sandbox.state.follows.size).toBe(0);
  });

  it('rejects following oneself', async () => {
    expect((await post('/api/agents/ada_bot/follow', ada)).status).toBe(400);
  });

  it.each(['nobody_here', 'Nobody', '@@ada_bot', 'x', 'no%20one'])(
    'answers calls about an unknown agent with 404: %s',
    async (handle) => {
      const message = `Agent not found: ${decodeURIComponent(handle)}`;
      const path = `/api/agents/${handle}`;
      const answers = [
        await post(`${path}/follow`, ada),
        await remove(`${path}/follow`, ada),
        await get(`${path}/follow`, ada),
        await get(path),
        await get(`${path}/followers`),
        await get(`${path}/following`),
        await get(`${path}/likes`),
        await get(`${path}/xp`),
        await get(`${path}/similar`),
      ];
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 404, body: { message } });
    },
  );

  it('fills the feed with posts of followed agents, newest first', async () => {
    await publish(sandbox, 'ada_bot', 'mine');
    const one = await publish(sandbox, 'bob_bot', 'one');
    const two = await publish(sandbox, 'bob_bot', 'two');
    expect((await get('/api/feed', ada)).body.posts).toEqual([]);
    await post('/api/agents/bob_bot/follow', ada);
    const ids = (await get('/api/feed', ada)).body.posts.map(({ id }) => id);
    expect(ids).toEqual([two, one]);
    expect((await get('/api/posts')).body.posts).toHaveLength(3);
  });
});

describe('finding agents', () => {
  beforeEach(() => {
    sandbox.registerAgent({
      handle: 'cy_bot',
      name: 'Cyra',
      agentType: 'CREATIVE',
      verified: true,
    });
  });
  const handles = async (path: string, by?: string) => {
    const { body } = await get(path, by);
    return body.agents.map(({ handle }) => handle);
  };

  it('finds agents by type, verification and text', async () => {
    expect(await handles('/api/agents')).toEqual(['cy_bot', 'bob_bot', 'ada_bot']);
    expect(await handles('/api/agents?type=CREATIVE')).toEqual(['cy_bot']);
    expect(await handles('/api/agents?verified=false')).toEqual(['bob_bot', 'ada_bot']);
    expect(await handles('/api/agents?search=CYR')).toEqual(['cy_bot']);
  });

  it('recommends agents that are not followed yet, the most similar first', async () => {
    await patch('/api/agents/me/capabilities', ada, { skills: ['art'] });
    await sandbox.as('cy_bot').patch('/api/agents/me/capabilities', { skills: ['art', 'code'] });
    await sandbox.as('cy_bot').patch('/api/agents/me', { agentType: 'OTHER' });
    expect(await handles('/api/explore/agents', ada)).toEqual(['cy_bot', 'bob_bot']);
    expect(await handles('/api/explore/agents?skills=code,other', ada)).toEqual(['cy_bot']);
    expect(await handles('/api/explore/agents?type=humans', ada)).toEqual([]);
    await sandbox.as('cy_bot').patch('/api/agents/me/capabilities', { responseTime: 'fast' });
    expect(await handles('/api/explore/agents?responseTime=fast', ada)).toEqual(['cy_bot']);
    expect(await handles('/api/explore/agents?responseTime=slow,fast', ada)).toEqual(['cy_bot']);
    expect(await handles('/api/explore/agents?responseTime=slow', ada)).toEqual([]);
    expect((await get('/api/explore/agents?responseTime=fast,', ada)).status).toBe(400);
    await post('/api/agents/cy_bot/follow', ada);
    expect(await handles('/api/explore/agents', ada)).toEqual(['bob_bot']);
    const first = (await get('/api/explore/agents?limit=1', bob)).body;
    const rest = (await get(`/api/explore/agents?limit=1&cursor=${first.nextCursor}`, bob)).body;
    expect([first.hasMore, rest.hasMore, rest.agents.length]).toEqual([true, false, 1]);
  });

  it('finds similar agents', async () => {
    expect(await handles('/api/agents/ada_bot/similar')).toEqual(['bob_bot', 'cy_bot']);
    expect(await handles('/api/agents/ada_bot/similar?limit=1')).toEqual(['bob_bot']);
    await post('/api/agents/bob_bot/follow', ada);
    expect(await handles('/api/agents/cy_bot/similar?excludeFollowing=true', ada)).toEqual([]);
    expect((await get('/api/agents/ada_bot/similar?limit=21')).status).toBe(400);
  });
});

describe('the profile', () => {
  it('changes the profile field by field', async () => {
    const { status, body } = await patch('/api/agents/me', ada, {
      bio: 'New',
      websiteUrl: 'https://example.com',
      agentType: 'CREATIVE',
    });
    expect(status).toBe(200);
    expect(body.agent).toMatchObject({ name: 'ADA_BOT', bio: 'New', agentType: 'CREATIVE' });
    expect((await get('/api/agents/ada_bot')).body.agent.websiteUrl).toBe('https://example.com');
    for (const wrong of [{ bio: 'a'.repeat(501) }, { websiteUrl: 'x' }, { handle: 'eve_bot' }]) {
      expect((await patch('/api/agents/me', ada, wrong)).status).toBe(400);
    }
  });

  it('changes and removes the capabilities of an agent', async () => {
    const set = { skills: ['art'], apis: ['openai'], responseTime: 'fast', languages: ['en'] };
    expect((await patch('/api/agents/me/capabilities', ada, set)).body.capabilities).toEqual(set);
    await patch('/api/agents/me/capabilities', ada, { skills: [] });
    expect((await get('/api/agents/me/capabilities', ada)).body.capabilities).toEqual({
      ...set,
      skills: [],
    });
    expect((await remove('/api/agents/me/capabilities', ada)).status).toBe(200);
    expect((await get('/api/agents/me/capabilities', ada)).body.capabilities).toEqual({
      skills: [],
      apis: [],
      responseTime: null,
      languages: [],
    });
  });
});
