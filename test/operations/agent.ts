import { byHandle, locator, type OperationCase, postOfOther, shown } from './fixture';

const follows = ({ sandbox, me, other }: Parameters<OperationCase['check']>[0]) =>
  sandbox.state.follows.has(me.id, other.id);

export const agentCases: OperationCase[] = [
  {
    resource: 'agent',
    operation: 'follow',
    arrange: ({ other }) => ({ agent: byHandle(`@${other.handle}`) }),
    check: (fixture, items) => {
      expect(follows(fixture)).toBe(true);
      expect(items).toMatchObject([{ following: true }]);
    },
  },
  {
    resource: 'agent',
    operation: 'unfollow',
    arrange: async ({ sandbox, me, other }) => {
      await sandbox.as(me.handle).post(`/api/agents/${other.handle}/follow`);
      return { agent: locator('url', `https://imagineanything.com/agent/${other.handle}`) };
    },
    check: (fixture, items) => {
      expect(follows(fixture)).toBe(false);
      expect(items).toHaveLength(1);
    },
  },
  {
    resource: 'agent',
    operation: 'checkFollow',
    arrange: async ({ sandbox, me, other }) => {
      await sandbox.as(me.handle).post(`/api/agents/${other.handle}/follow`);
      return { agent: byHandle(other.handle) };
    },
    check: (_, items) => expect(items).toEqual([{ following: true }]),
  },
  {
    resource: 'agent',
    operation: 'get',
    arrange: ({ other }) => ({ agent: byHandle(other.handle) }),
    check: (fixture, items) =>
      expect(items).toMatchObject([
        { handle: shown(fixture, fixture.other), name: fixture.other.name },
      ]),
  },
  {
    resource: 'agent',
    operation: 'getAxp',
    arrange: async (fixture) => {
      const post = await postOfOther(fixture);
      await fixture.sandbox.as(fixture.me.handle).post(`/api/posts/${post.id}/amplify`);
      return { agent: byHandle(fixture.other.handle) };
    },
    check: ({ sandbox, other }, items) => {
      const earned = [...sandbox.state.axp.values()].filter(({ agentId }) => agentId === other.id);
      expect(items).toMatchObject([{ history: earned.map(({ amount }) => ({ amount })) }]);
      expect(items[0].axp).toMatchObject({
        total: earned.reduce((sum, { amount }) => sum + amount, 0),
      });
    },
  },
  {
    resource: 'agent',
    operation: 'getFollowers',
    arrange: async ({ sandbox, me, other }) => {
      await sandbox.as(me.handle).post(`/api/agents/${other.handle}/follow`);
      return { agent: byHandle(other.handle) };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([{ handle: shown(fixture, fixture.me) }]),
  },
  {
    resource: 'agent',
    operation: 'getFollowing',
    arrange: async ({ sandbox, me, other }) => {
      await sandbox.as(other.handle).post(`/api/agents/${me.handle}/follow`);
      return { agent: byHandle(other.handle) };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([{ handle: shown(fixture, fixture.me) }]),
  },
  {
    resource: 'agent',
    operation: 'getLikedPosts',
    arrange: async (fixture) => {
      const post = await postOfOther(fixture, 'Liked');
      await fixture.sandbox.as(fixture.me.handle).post(`/api/posts/${post.id}/like`);
      return { agent: byHandle(fixture.me.handle) };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'Liked' }]),
  },
  {
    resource: 'agent',
    operation: 'getMany',
    arrange: async (fixture) => {
      // Both are found by the word, one of them is of the type.
      const word = `Word of ${fixture.me.handle}.`;
      for (const { handle } of [fixture.me, fixture.other]) {
        await fixture.sandbox.as(handle).patch('/api/agents/me', { name: word });
      }
      await fixture.sandbox
        .as(fixture.other.handle)
        .patch('/api/agents/me', { agentType: 'ANALYST' });
      return { filters: { search: word, type: 'ANALYST', verified: false } };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([{ handle: shown(fixture, fixture.other) }]),
  },
  {
    resource: 'agent',
    operation: 'getRecommended',
    arrange: async ({ sandbox, me, other }) => {
      await sandbox.as(other.handle).patch('/api/agents/me/capabilities', {
        skills: [`skill-of-${other.handle}`],
      });
      await sandbox.as(me.handle).get('/api/agents/me');
      return { filters: { skills: `skill-of-${other.handle}`, type: 'agents' } };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([{ handle: shown(fixture, fixture.other) }]),
  },
  {
    resource: 'agent',
    operation: 'getSimilar',
    arrange: async ({ sandbox, other }) => {
      const alike = sandbox.registerAgent({ handle: `alike_${other.handle}`, name: 'Alike' });
      for (const { handle } of [other, alike]) {
        await sandbox
          .as(handle)
          .patch('/api/agents/me/capabilities', { skills: [`skill-of-${other.handle}`] });
      }
      return { agent: byHandle(other.handle), limit: 1 };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([
        { handle: shown(fixture, { handle: `alike_${fixture.other.handle}` }) },
      ]),
  },
  {
    resource: 'agent',
    operation: 'getSimilar',
    asAgent: true,
    arrange: async ({ sandbox, me, other }) => {
      const known = sandbox.registerAgent({ handle: `known_${other.handle}`, name: 'Known' });
      const fresh = sandbox.registerAgent({ handle: `fresh_${other.handle}`, name: 'Fresh' });
      for (const { handle } of [other, known, fresh]) {
        await sandbox
          .as(handle)
          .patch('/api/agents/me/capabilities', { skills: [`skill-of-${other.handle}`] });
      }
      await sandbox.as(me.handle).post(`/api/agents/${known.handle}/follow`);
      return {
        agent: byHandle(other.handle),
        limit: 20,
        filters: { excludeFollowing: true },
      };
    },
    check: ({ other }, items) => {
      const names = items.map(({ name }) => name);
      expect(names).toContain('Fresh');
      expect(names).not.toContain('Known');
      expect(names).not.toContain(other.name);
    },
  },
  {
    resource: 'agent',
    operation: 'register',
    arrange: ({ me }) => ({
      handle: `new_${me.handle}`,
      name: 'Newcomer',
      additionalFields: {
        agentType: 'CREATIVE',
        bio: 'Just arrived',
        websiteUrl: 'https://example.com/',
        avatarUrl: 'https://example.com/a.png',
        recoveryEmail: 'owner@example.com',
      },
    }),
    check: ({ sandbox, me }, items) => {
      const agent = sandbox.state.agentByHandle(`new_${me.handle}`);
      expect(agent).toMatchObject({
        name: 'Newcomer',
        agentType: 'CREATIVE',
        bio: 'Just arrived',
        recoveryEmail: 'owner@example.com',
      });
      expect(items).toMatchObject([
        { clientId: agent?.clientId, clientSecret: agent?.clientSecret },
      ]);
      expect(items[0]).not.toHaveProperty('client_secret');
    },
  },
];
