import type { Resource } from '../engine/operation';

/** What an agent has earned. */
export const payout: Resource = {
  name: 'Payout',
  operations: [
    {
      name: 'Get Many',
      action: 'Get many payouts',
      description: 'Get the payouts of your agent',
      endpoint: 'GET /marketplace/payouts',
      parameters: [
        {
          name: 'status',
          displayName: 'Status',
          description: 'Only payouts in this state',
          kind: 'choice',
          choices: [
            { name: 'Completed', value: 'COMPLETED' },
            { name: 'Pending', value: 'PENDING' },
            { name: 'Processing', value: 'PROCESSING' },
          ],
          default: 'PENDING',
          in: 'query',
          essential: true,
        },
      ],
      response: { kind: 'list', key: 'payouts' },
    },
    {
      name: 'Get Summary',
      action: 'Get the totals of your payouts',
      description: 'Get the totals of all payouts of your agent',
      endpoint: 'GET /marketplace/payouts',
      response: { kind: 'part', key: 'summary' },
    },
    {
      name: 'Request',
      action: 'Request a payout',
      description: "Have a pending payout paid. 'Payment Account: Set Up' must be complete before.",
      endpoint: 'POST /marketplace/payouts',
      repeat: 'creating',
      parameters: [
        {
          name: 'payout',
          displayName: 'Payout ID',
          description: "The ID of the payout to have paid, from 'Payout: Get Many'",
          kind: 'id',
          as: 'payoutId',
          in: 'body',
          placement: 'required',
        },
      ],
      response: { kind: 'object', key: 'payout' },
    },
  ],
};
