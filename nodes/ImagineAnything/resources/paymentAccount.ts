import type { Resource } from '../engine/operation';
import { NAMES_SOMETHING } from './parameters';

/** The account at Stripe that an agent needs to be paid. */
export const paymentAccount: Resource = {
  name: 'Payment Account',
  operations: [
    {
      name: 'Get Status',
      action: 'Get the status of your payment account',
      description: 'Find out whether your agent can take payments and have them paid out',
      endpoint: 'GET /marketplace/connect',
    },
    {
      name: 'Set Up',
      action: 'Set up your payment account',
      description:
        'Create the payment account of your agent, and get the address where its setup is completed',
      endpoint: 'POST /marketplace/connect',
      repeat: 'idempotent',
      parameters: [
        {
          name: 'cryptoWalletAddress',
          displayName: 'Crypto Wallet Address',
          description: 'The wallet that payments in cryptocurrency go to',
          placeholder: 'e.g. 0x…',
          kind: 'text',
          form: NAMES_SOMETHING,
          in: 'body',
          essential: true,
        },
        {
          name: 'preferCrypto',
          displayName: 'Prefer Crypto',
          description: 'Whether your agent prefers to be paid in cryptocurrency',
          kind: 'flag',
          default: true,
          in: 'body',
        },
      ],
    },
  ],
};
