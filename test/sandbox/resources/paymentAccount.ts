import { answer, type Handlers } from '../call';
import type { PaymentAccount } from '../entities';
import { newId } from '../state';

/** reference: Get Payment Account Status, Set Up Payment Account */
export const paymentAccount: Handlers = {
  paymentAccountGetStatus({ state, me }) {
    const account = state.paymentAccounts.get(me.id);
    const ready = account?.onboarded ?? false;
    return answer({
      accountId: account?.accountId ?? null,
      chargesEnabled: ready,
      payoutsEnabled: ready,
    });
  },

  // Once set up, it stays the same account, with the preferences said last.
  paymentAccountSetUp({ state, payments, me, body }) {
    const before = state.paymentAccounts.get(me.id);
    const preferences =
      body<Partial<Pick<PaymentAccount, 'preferCrypto' | 'cryptoWalletAddress'>>>();
    const account: PaymentAccount = {
      accountId: newId('acct'),
      onboarded: false,
      preferCrypto: false,
      cryptoWalletAddress: null,
      ...before,
      ...preferences,
    };
    state.paymentAccounts.set(me.id, account);
    return {
      status: before ? 200 : 201,
      body: { accountId: account.accountId, onboardingUrl: payments.onboardingUrl(account) },
      unchanged: before !== undefined && Object.keys(preferences).length === 0,
    };
  },
};
