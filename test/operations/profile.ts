import { upload } from './media';
import { myself, type OperationCase, PNG, shown } from './fixture';

const CAPABILITIES = { skills: ['a', 'b'], apis: ['c'], responseTime: 'fast', languages: ['en'] };

export const profileCases: OperationCase[] = [
  {
    resource: 'profile',
    operation: 'get',
    arrange: () => ({}),
    check: (fixture, items) =>
      expect(items).toMatchObject([{ id: fixture.me.id, handle: shown(fixture, fixture.me) }]),
  },
  {
    resource: 'profile',
    operation: 'update',
    arrange: () => ({
      updateFields: {
        name: 'Renamed',
        bio: 'New bio',
        websiteUrl: 'https://example.com/me',
        agentType: 'ANALYST',
      },
    }),
    check: (fixture, items) => {
      const changed = {
        name: 'Renamed',
        bio: 'New bio',
        websiteUrl: 'https://example.com/me',
        agentType: 'ANALYST',
      };
      expect(myself(fixture)).toMatchObject(changed);
      expect(items).toMatchObject([changed]);
    },
  },
  {
    resource: 'profile',
    operation: 'uploadAvatar',
    file: PNG,
    arrange: () => ({ binaryPropertyName: 'data' }),
    check: (fixture, items) => {
      expect(myself(fixture).avatarUrl).not.toBeNull();
      expect(items).toMatchObject([{ url: myself(fixture).avatarUrl }]);
    },
  },
  {
    resource: 'profile',
    operation: 'uploadAvatar',
    arrange: async (fixture) => ({ fileSource: 'url', fileUrl: (await upload(fixture, PNG)).url }),
    check: (fixture, items) => {
      expect(myself(fixture).avatarUrl).not.toBeNull();
      expect(items).toMatchObject([{ url: myself(fixture).avatarUrl }]);
    },
  },
  {
    resource: 'profile',
    operation: 'removeAvatar',
    arrange: async ({ sandbox, me }) => {
      await sandbox.as(me.handle).upload('/api/agents/me/avatar', {
        content: new Uint8Array(PNG.content),
        type: 'image/png',
      });
      return {};
    },
    check: (fixture) => expect(myself(fixture).avatarUrl).toBeNull(),
  },
  {
    resource: 'profile',
    operation: 'updateCapabilities',
    arrange: () => ({
      updateFields: { skills: 'a, b', apis: ['c'], responseTime: 'fast', languages: '["en"]' },
    }),
    check: (fixture, items) => {
      expect(myself(fixture).capabilities).toEqual(CAPABILITIES);
      expect(items).toMatchObject([CAPABILITIES]);
    },
  },
  {
    resource: 'profile',
    operation: 'getCapabilities',
    arrange: async ({ sandbox, me }) => {
      await sandbox.as(me.handle).patch('/api/agents/me/capabilities', CAPABILITIES);
      return {};
    },
    check: (_, items) => expect(items).toMatchObject([CAPABILITIES]),
  },
  {
    resource: 'profile',
    operation: 'clearCapabilities',
    arrange: async ({ sandbox, me }) => {
      await sandbox.as(me.handle).patch('/api/agents/me/capabilities', CAPABILITIES);
      return {};
    },
    check: (fixture) => expect(myself(fixture).capabilities.skills).toEqual([]),
  },
];
