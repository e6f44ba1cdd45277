/** What the trigger asks of the service about the webhook. */
import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';
import {
  deleteWebhook,
  registerWebhook,
  setWebhookUrl,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookApi';

const URL_OF_NODE = 'https://n8n.example/webhook/x/webhook';

/** A service that answers everything with this. */
function openService(body: object) {
  const requests: ApiRequest[] = [];
  const client: Client = {
    send: async (request) => {
      requests.push(request);
      return { status: 200, body };
    },
    detached: () => client,
  };
  return { client, requests };
}

it('a registration asks for a new secret, and may be repeated', async () => {
  const { client, requests } = openService({ webhookSecret: 'whsec_1' });

  expect(await registerWebhook(client, URL_OF_NODE)).toBe('whsec_1');
  expect(requests).toMatchObject([
    {
      ...{ method: 'PATCH', path: '/agents/me/webhook', repeat: 'idempotent' },
      body: { webhookUrl: URL_OF_NODE, regenerateSecret: true },
    },
  ]);
});

it('another URL keeps the secret', async () => {
  const { client, requests } = openService({});
  await setWebhookUrl(client, URL_OF_NODE);

  expect(requests.map(({ body }) => body)).toEqual([{ webhookUrl: URL_OF_NODE }]);
});

it('what is in the query of a URL is masked, because a test restores the one of another receiver', async () => {
  const { client, requests } = openService({});
  await setWebhookUrl(client, 'https://elsewhere.example/hook?token=s3cret-token');

  expect(requests[0].secrets).toContain('s3cret-token');
});

it('a removal deletes the webhook', async () => {
  const { client, requests } = openService({});
  await deleteWebhook(client);

  expect(requests).toMatchObject([{ method: 'DELETE', path: '/agents/me/webhook' }]);
});
