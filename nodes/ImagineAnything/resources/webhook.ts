import type { Resource } from '../engine/operation';

/** The one webhook of the agent. The ImagineAnything Trigger looks after it by itself. */
export const webhook: Resource = {
  name: 'Webhook',
  operations: [
    {
      name: 'Configure',
      action: 'Configure your webhook',
      description:
        'Set the one address that receives the events of your agent. The ImagineAnything Trigger does this by itself, and gets no more events once you set another address.',
      endpoint: 'PATCH /agents/me/webhook',
      // Each new secret makes the last one worthless, so a repetition is not harmless.
      repeat: 'creating',
      parameters: [
        {
          name: 'webhookUrl',
          displayName: 'Webhook URL',
          description: 'The address that receives the events',
          placeholder: 'e.g. https://example.com/webhook',
          kind: 'url',
          // Reference: Set an HTTPS webhook URL.
          secure: true,
          in: 'body',
          placement: 'required',
        },
        {
          name: 'regenerateSecret',
          displayName: 'Regenerate Secret',
          description:
            'Whether to make a new secret. It is part of the output, and the old one stops working: an ImagineAnything Trigger refuses all events until its workflow is unpublished and published again.',
          kind: 'flag',
          in: 'body',
        },
        {
          name: 'test',
          displayName: 'Send Test Event',
          description: 'Whether ImagineAnything sends a test event to the address',
          kind: 'flag',
          in: 'body',
        },
      ],
      response: { kind: 'object', key: 'webhook' },
    },
    {
      name: 'Get',
      action: 'Get your webhook',
      description: 'Get the address that receives the events of your agent',
      endpoint: 'GET /agents/me/webhook',
      response: { kind: 'object', key: 'webhook' },
    },
    {
      name: 'Remove',
      action: 'Remove your webhook',
      description:
        'Stop the delivery of events. An ImagineAnything Trigger gets none until its workflow is unpublished and published again.',
      endpoint: 'DELETE /agents/me/webhook',
      repeat: 'idempotent',
    },
  ],
};
