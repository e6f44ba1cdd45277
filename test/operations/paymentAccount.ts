import type { OperationCase } from './fixture';

export const paymentAccountCases: OperationCase[] = [
  {
    resource: 'paymentAccount',
    operation: 'getStatus',
    arrange: async ({ sandbox, me }) => {
      await sandbox.as(me.handle).post('/api/marketplace/connect');
      sandbox.payments.onboard(me.handle);
      return {};
    },
    check: ({ sandbox, me }, items) =>
      expect(items).toEqual([
        {
          accountId: sandbox.state.paymentAccounts.get(me.id)?.accountId,
          chargesEnabled: true,
          payoutsEnabled: true,
        },
      ]),
  },
  {
    resource: 'paymentAccount',
    operation: 'setUp',
    arrange: () => ({ additionalFields: { preferCrypto: true, cryptoWalletAddress: '0x01' } }),
    check: ({ sandbox, me }, items) => {
      const account = sandbox.state.paymentAccounts.get(me.id);
      expect(account).toMatchObject({ preferCrypto: true, cryptoWalletAddress: '0x01' });
      expect(items).toEqual([
        {
          accountId: account?.accountId,
          onboardingUrl: `${sandbox.url}/onboarding/${account?.accountId}`,
        },
      ]);
    },
  },
  {
    // The body is optional.
    resource: 'paymentAccount',
    operation: 'setUp',
    arrange: () => ({}),
    check: ({ sandbox, me }) =>
      expect(sandbox.state.paymentAccounts.get(me.id)).toMatchObject({ preferCrypto: false }),
  },
];
