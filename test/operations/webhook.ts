import { myself, type OperationCase, type World } from './world';

const ADDRESS = 'https://example.com/hook';

async function configured({ sandbox, me }: World) {
  await sandbox.as(me.handle).patch('/api/agents/me/webhook', { webhookUrl: ADDRESS });
  return {};
}

export const webhookCases: OperationCase[] = [
  {
    resource: 'webhook',
    operation: 'configure',
    arrange: () => ({ webhookUrl: ADDRESS, updateFields: { regenerateSecret: true } }),
    check: (world, items) => {
      expect(myself(world).webhook).toMatchObject({ url: ADDRESS });
      expect(items).toMatchObject([{ webhookSecret: myself(world).webhook?.secret }]);
    },
  },
  {
    resource: 'webhook',
    operation: 'get',
    arrange: configured,
    check: (_, items) => expect(items).toMatchObject([{ webhookUrl: ADDRESS }]),
  },
  {
    resource: 'webhook',
    operation: 'remove',
    arrange: configured,
    check: (world) => expect(myself(world).webhook).toBeNull(),
  },
];
