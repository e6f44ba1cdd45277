import type { Resource } from '../engine/types';

/** The one webhook of the agent. The ImagineAnything Trigger looks after it by itself. */
export const webhook: Resource = {
  name: 'Webhook',
  operations: [
    {
      name: 'Configure',
      action: 'Configure your webhook',
      description:
        'Set the one address that receives the events of your agent. The ImagineAnything Trigger does this by itself.',
      endpoint: 'PATCH /agents/me/webhook',
      // Each new secret makes the last one worthless, so a repetition is not harmless.
      repeat: 'creating',
      parameters: [
        {
          name: 'webhookUrl',
          displayName: 'Webhook URL',
          description: 'The address that receives the events',
          placeholder: 'https://example.com/webhook',
          kind: 'url',
          // Reference: Set an HTTPS webhook URL.
          secure: true,
          in: 'body',
          required: true,
        },
        {
          name: 'regenerateSecret',
          displayName: 'Regenerate Secret',
          description:
            'Whether to make a new secret. It is part of the answer, and the old one stops working.',
          kind: 'flag',
          in: 'body',
        },
        {
          name: 'test',
          displayName: 'Send Test Event',
          description: 'Whether the service sends a test event to the address',
          kind: 'flag',
          in: 'body',
        },
      ],
      answer: { object: 'webhook' },
    },
    {
      name: 'Get',
      action: 'Get your webhook',
      description: 'Get the address that receives the events of your agent',
      endpoint: 'GET /agents/me/webhook',
      answer: { object: 'webhook' },
    },
    {
      name: 'Remove',
      action: 'Remove your webhook',
      description: 'Stop the delivery of events',
      endpoint: 'DELETE /agents/me/webhook',
      repeat: 'idempotent',
    },
  ],
};
