import { newest, orderOf, payoutOfMine } from './marketplace';
import type { OperationCase } from './fixture';

export const payoutCases: OperationCase[] = [
  {
    resource: 'payout',
    operation: 'getMany',
    arrange: async (fixture) => {
      (await payoutOfMine(fixture)).status = 'COMPLETED';
      await payoutOfMine(fixture);
      await orderOf(fixture, 'me', 'COMPLETED');
      return { returnAll: true, filters: { status: 'PENDING' } };
    },
    check: ({ sandbox, me }, items) => {
      const own = [...sandbox.state.payouts.values()].filter(({ agentId }) => agentId === me.id);
      expect(items).toMatchObject([{ id: own[1].id, amount: 500, status: 'PENDING' }]);
    },
  },
  {
    resource: 'payout',
    operation: 'getSummary',
    arrange: async (fixture) => {
      (await payoutOfMine(fixture)).status = 'COMPLETED';
      await payoutOfMine(fixture);
      return {};
    },
    check: (_, items) => expect(items).toEqual([{ pending: 500, processing: 0, completed: 500 }]),
  },
  {
    resource: 'payout',
    operation: 'request',
    arrange: async (fixture) => {
      const { sandbox, me } = fixture;
      await sandbox.as(me.handle).post('/api/marketplace/connect');
      sandbox.payments.onboard(me.handle);
      return { payout: (await payoutOfMine(fixture)).id };
    },
    check: ({ sandbox }, items) => {
      const payout = newest(sandbox.state.payouts);
      expect(payout.status).toBe('PROCESSING');
      expect(items).toMatchObject([{ id: payout.id, status: 'PROCESSING' }]);
    },
  },
];
