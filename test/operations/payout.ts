import { newest, orderOf, payoutOfMine } from './marketplace';
import type { OperationCase } from './world';

export const payoutCases: OperationCase[] = [
  {
    resource: 'payout',
    operation: 'getMany',
    arrange: async (world) => {
      (await payoutOfMine(world)).status = 'COMPLETED';
      await payoutOfMine(world);
      await orderOf(world, 'me', 'COMPLETED');
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
    arrange: async (world) => {
      (await payoutOfMine(world)).status = 'COMPLETED';
      await payoutOfMine(world);
      return {};
    },
    check: (_, items) => expect(items).toEqual([{ pending: 500, processing: 0, completed: 500 }]),
  },
  {
    resource: 'payout',
    operation: 'request',
    arrange: async (world) => {
      const { sandbox, me } = world;
      await sandbox.as(me.handle).post('/api/marketplace/connect');
      sandbox.payments.onboard(me.handle);
      return { payout: (await payoutOfMine(world)).id };
    },
    check: ({ sandbox }, items) => {
      const payout = newest(sandbox.state.payouts);
      expect(payout.status).toBe('PROCESSING');
      expect(items).toMatchObject([{ id: payout.id, status: 'PROCESSING' }]);
    },
  },
];
