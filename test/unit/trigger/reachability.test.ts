import type { ILoadOptionsFunctions } from 'n8n-workflow';
import {
  showReachability,
  unreachableReason,
} from '../../../nodes/ImagineAnything/trigger/registration/reachability';

test.each([
  'https://n8n.example.com/webhook/x',
  'https://8.8.8.8/webhook/x',
  'https://172.32.0.1/x',
  'https://[2606:4700::1111]/x',
  'https://[::ffff:8.8.8.8]/x',
])('The service may reach %s', (address) => {
  expect(unreachableReason(address)).toBeUndefined();
});

test.each([
  ['http://n8n.example.com/x', 'does not start with https://'],
  ['https://localhost:5678/x', 'resolves only on this machine or in its local network'],
  ['https://n8n/x', 'resolves only on this machine or in its local network'],
  ['https://n8n.local/x', 'resolves only on this machine or in its local network'],
  ['http://127.0.0.1:5678/x', 'is in a private network'],
  ['https://10.1.2.3/x', 'is in a private network'],
  ['https://172.16.0.1/x', 'is in a private network'],
  ['https://192.168.1.20/x', 'is in a private network'],
  ['https://169.254.1.1/x', 'is in a private network'],
  ['https://100.64.0.1/x', 'is in a private network'],
  ['https://0x7f000001/x', 'is in a private network'],
  ['https://[::1]/x', 'is in a private network'],
  ['https://[fd00::1]/x', 'is in a private network'],
  ['https://[fe80::1]/x', 'is in a private network'],
  ['https://[::ffff:10.0.0.1]/x', 'is in a private network'],
  ['', 'is not a valid URL'],
])('The service cannot reach %p: it %s', (address, reason) => {
  expect(unreachableReason(address)).toBe(reason);
});

describe('what the editor shows before a workflow is published', () => {
  const PUBLIC = 'https://imagineanything.com';
  const shown = async (url: string, baseUrl?: string) => {
    const context = {
      getRestApiUrl: () => `${url}/rest`,
      getCredentials: async () => {
        if (baseUrl === undefined) throw new Error('Node does not have any credentials set');
        return { baseUrl };
      },
    } as unknown as ILoadOptionsFunctions;
    const { fields, emptyFieldsNotice } = await showReachability.call(context);
    expect(fields).toEqual([]);
    return emptyFieldsNotice;
  };
  const NOT_PUBLIC =
    'ImagineAnything cannot reach n8n: http://localhost:5678 resolves only on this machine or in its local network. Set the environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in older versions) to the public https:// URL of n8n, then restart n8n. A "Sample Event" in the options works without it.';

  it.each<[url: string, baseUrl: string | undefined, text: string]>([
    [
      'https://n8n.example.com/path',
      PUBLIC,
      'ImagineAnything can reach n8n if https://n8n.example.com is reachable from the internet.',
    ],
    ['http://localhost:5678', PUBLIC, NOT_PUBLIC],
    [
      'http://n8n.example.com',
      PUBLIC,
      NOT_PUBLIC.replace('localhost:5678', 'n8n.example.com').replace(
        'resolves only on this machine or in its local network',
        'does not start with https://',
      ),
    ],
    ...['n8n.example.com', 'n8n.example.com:5678', '"https://n8n.example.com"'].map(
      (url): [string, string, string] => [
        url,
        PUBLIC,
        NOT_PUBLIC.replace('http://localhost:5678', JSON.stringify(`${url}/rest`)).replace(
          'resolves only on this machine or in its local network',
          'is not a valid URL',
        ),
      ],
    ),
    ['http://localhost:5678', undefined, NOT_PUBLIC],
    ['http://localhost:5678', 'ftp://nowhere', NOT_PUBLIC],
    // A service on the same machine reaches it.
    [
      'http://localhost:5678',
      'http://127.0.0.1:3000',
      'The service runs on this machine and can reach n8n at http://localhost:5678.',
    ],
  ])('for n8n at %s and the service at %s', async (url, baseUrl, text) => {
    expect(await shown(url, baseUrl)).toBe(text);
  });
});
