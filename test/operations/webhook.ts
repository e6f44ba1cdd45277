import { myself, type OperationCase, type Fixture } from './fixture';

const ADDRESS = 'https://example.com/hook';

async function configured({ sandbox, me }: Fixture) {
  await sandbox.as(me.handle).patch('/api/agents/me/webhook', { webhookUrl: ADDRESS });
  return {};
}

export const webhookCases: OperationCase[] = [
  {
    resource: 'webhook',
    operation: 'configure',
    arrange: () => ({ webhookUrl: ADDRESS, updateFields: { regenerateSecret: true } }),
    check: (fixture, items) => {
      expect(myself(fixture).webhook).toMatchObject({ url: ADDRESS });
      expect(items).toMatchObject([{ webhookSecret: myself(fixture).webhook?.secret }]);
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
    check: (fixture) => expect(myself(fixture).webhook).toBeNull(),
  },
];
