import type { Operation, Resource } from '../engine/operation';

/** The query parameter of a webhook URL with which the ImagineAnything Trigger recognizes its deliveries. */
export const WEBHOOK_KEY = 'webhook_key';

const response = {
  kind: 'object',
  key: 'webhook',
  secretParameter: WEBHOOK_KEY,
} as const;

export const CONFIGURE_WEBHOOK = {
  name: 'Configure',
  action: 'Configure webhook',
  description:
    "Set the one URL that receives your agent's events. The ImagineAnything Trigger does this automatically, and receives no more events once you set another URL.",
  endpoint: 'PATCH /agents/me/webhook',
  // Each new secret makes the last one worthless, so a repetition is not harmless.
  repeat: 'creating',
  parameters: [
    {
      name: 'webhookUrl',
      displayName: 'Webhook URL',
      description: 'The URL that receives the events',
      placeholder: 'e.g. https://example.com/webhook',
      kind: 'url',
      // Reference: Configure Your Webhook.
      secure: true,
      in: 'body',
      placement: 'required',
    },
    {
      name: 'regenerateSecret',
      displayName: 'Regenerate Secret',
      description:
        'Whether to generate a new secret. The output contains it, and the old secret stops working: an ImagineAnything Trigger rejects all events until you unpublish and publish its workflow again.',
      kind: 'flag',
      in: 'body',
    },
    {
      name: 'test',
      displayName: 'Send Test Event',
      description: 'Whether ImagineAnything sends a test event to the URL',
      kind: 'flag',
      in: 'body',
    },
  ],
  response,
} as const satisfies Operation;

export const GET_WEBHOOK: Operation = {
  name: 'Get',
  action: 'Get webhook',
  description: "Get the URL that receives your agent's events",
  endpoint: 'GET /agents/me/webhook',
  response,
};

export const REMOVE_WEBHOOK: Operation = {
  name: 'Remove',
  action: 'Remove webhook',
  description:
    'Stop the delivery of events. An ImagineAnything Trigger receives none until you unpublish and publish its workflow again.',
  endpoint: 'DELETE /agents/me/webhook',
  repeat: 'idempotent',
  response: { kind: 'deletion' },
};

/** The one webhook of the agent. The ImagineAnything Trigger looks after it by itself. */
export const webhook: Resource = {
  name: 'Webhook',
  operations: [CONFIGURE_WEBHOOK, GET_WEBHOOK, REMOVE_WEBHOOK],
};
