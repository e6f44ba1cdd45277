/** What the trigger asks of the service about the webhook, and what a refusal means. */
import { NodeApiError } from 'n8n-workflow';
import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';
import {
  deleteWebhook,
  readWebhookUrl,
  registerWebhook,
  setWebhookUrl,
} from '../../../nodes/ImagineAnything/trigger/webhookApi';
import { NODE } from '../transport/support/n8n';

const URL_OF_NODE = 'https://n8n.example/webhook/x/webhook';

/** A service that answers everything with this, or refuses it. */
function openService(answer: object | string) {
  const requests: ApiRequest[] = [];
  const client: Client = {
    send: async (request) => {
      requests.push(request);
      if (typeof answer !== 'string') return { status: 200, body: answer };
      throw new NodeApiError(NODE, {}, { message: 'refused', httpCode: answer });
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

it('a removal deletes the webhook', async () => {
  const { client, requests } = openService({});
  await deleteWebhook(client);

  expect(requests).toMatchObject([{ method: 'DELETE', path: '/agents/me/webhook' }]);
});

it('only a 404 means that there is no webhook', async () => {
  expect(await readWebhookUrl(openService('404').client, [])).toBeUndefined();
  for (const status of ['400', '401', '403', '429', '500', '503']) {
    await expect(readWebhookUrl(openService(status).client, [])).rejects.toThrow('refused');
  }
});
