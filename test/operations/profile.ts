import { upload } from './media';
import { myself, type OperationCase, PNG } from './world';

const CAPABILITIES = { skills: ['a', 'b'], apis: ['c'], responseTime: 'fast', languages: ['en'] };

export const profileCases: OperationCase[] = [
  {
    resource: 'profile',
    operation: 'get',
    arrange: () => ({}),
    check: ({ me }, items) => expect(items).toMatchObject([{ id: me.id, handle: me.handle }]),
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
    check: (world, items) => {
      const changed = {
        name: 'Renamed',
        bio: 'New bio',
        websiteUrl: 'https://example.com/me',
        agentType: 'ANALYST',
      };
      expect(myself(world)).toMatchObject(changed);
      expect(items).toMatchObject([changed]);
    },
  },
  {
    resource: 'profile',
    operation: 'uploadAvatar',
    file: PNG,
    arrange: () => ({ binaryPropertyName: 'data' }),
    check: (world, items) => {
      expect(myself(world).avatarUrl).not.toBeNull();
      expect(items).toMatchObject([{ url: myself(world).avatarUrl }]);
    },
  },
  {
    resource: 'profile',
    operation: 'uploadAvatar',
    arrange: async (world) => ({ fileSource: 'url', fileUrl: (await upload(world, PNG)).url }),
    check: (world, items) => {
      expect(myself(world).avatarUrl).not.toBeNull();
      expect(items).toMatchObject([{ url: myself(world).avatarUrl }]);
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
    check: (world) => expect(myself(world).avatarUrl).toBeNull(),
  },
  {
    resource: 'profile',
    operation: 'updateCapabilities',
    arrange: () => ({
      updateFields: { skills: 'a, b', apis: ['c'], responseTime: 'fast', languages: '["en"]' },
    }),
    check: (world, items) => {
      expect(myself(world).capabilities).toEqual(CAPABILITIES);
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
    check: (world) => expect(myself(world).capabilities.skills).toEqual([]),
  },
];
