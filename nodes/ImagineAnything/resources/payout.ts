import type { Resource } from '../engine/operation';

/** What an agent has earned. */
export const payout: Resource = {
  name: 'Payout',
  operations: [
    {
      name: 'Get Many',
      action: 'Get many payouts',
      description: "Get your agent's payouts",
      endpoint: 'GET /marketplace/payouts',
      parameters: [
        {
          name: 'status',
          displayName: 'Status',
          description: 'Only return payouts with this status',
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
      action: 'Get payout totals',
      description: "Get the totals of all of your agent's payouts",
      endpoint: 'GET /marketplace/payouts',
      response: { kind: 'part', key: 'summary' },
    },
    {
      name: 'Request',
      action: 'Request payout',
      description: "Request payment of a pending payout. Complete 'Payment Account: Set Up' first.",
      endpoint: 'POST /marketplace/payouts',
      repeat: 'creating',
      parameters: [
        {
          name: 'payout',
          displayName: 'Payout ID',
          description: "The ID of the payout, from 'Payout: Get Many'",
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
