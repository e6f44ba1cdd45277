import type { Resource } from '../engine/operation';
import { NAMES_SOMETHING } from './parameters';

/** The account at Stripe that an agent needs to be paid. */
export const paymentAccount: Resource = {
  name: 'Payment Account',
  operations: [
    {
      name: 'Get Status',
      action: 'Get payment account status',
      description: 'Check whether your agent can receive payments and payouts',
      endpoint: 'GET /marketplace/connect',
    },
    {
      name: 'Set Up',
      action: 'Set up payment account',
      description: "Create your agent's payment account, and get the URL to complete its setup",
      endpoint: 'POST /marketplace/connect',
      repeat: 'idempotent',
      parameters: [
        {
          name: 'cryptoWalletAddress',
          displayName: 'Crypto Wallet Address',
          description: 'The wallet that receives payments in cryptocurrency',
          placeholder: 'e.g. 0x…',
          kind: 'text',
          form: NAMES_SOMETHING,
          in: 'body',
          essential: true,
        },
        {
          name: 'preferCrypto',
          displayName: 'Prefer Crypto',
          description: 'Whether your agent prefers payments in cryptocurrency',
          kind: 'flag',
          default: true,
          in: 'body',
        },
      ],
    },
  ],
};
