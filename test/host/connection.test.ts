/** What stands between n8n and the service, and how the credential test and the node name it. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

import type { RegisteredAgent } from '../sandbox/server';
import { type Certificate, makeAuthority, selfSigned } from './certificates';
import { output } from './executions';
import { useN8n } from './useN8n';
import { chain, imagineAnything, MANUAL, manualTrigger } from './workflows';

jest.setTimeout(120_000);

let agent: RegisteredAgent;
let folder: string;
let proxy: Server;
let proxyPort: number;
let env: Record<string, string>;
const closing: Array<() => Promise<unknown>> = [];

const authority = makeAuthority('Authority of the test');

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

/** Starts a proxy that lets nobody through. */
async function startProxy(): Promise<Server> {
  const server = createServer((_, response) => {
    response.writeHead(407, { 'Proxy-Authenticate': 'Basic' }).end('Who are you?');
  });
  server.on('connect', (_, socket) => {
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Serves the sandbox over TLS, and gives its port. */
async function serve(certificate: Certificate): Promise<number> {
  const target = Number(new URL(sandbox.url).port);
  const server = createTlsServer(certificate, (socket) => {
    const onward = connect(target, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.close();
  });
  return portOf(server);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  const trusted = join(folder, 'authority.pem');
  await writeFile(trusted, authority.cert);
  proxy = await startProxy();
  proxyPort = portOf(proxy);
  const address = `http://127.0.0.1:${proxyPort}`;
  env = {
    NODE_EXTRA_CA_CERTS: trusted,
    HTTP_PROXY: address,
    HTTPS_PROXY: address,
    // "localhost" goes through the proxy, and this does not.
    NO_PROXY: '127.0.0.1',
  };
});

const { host, sandbox } = useN8n(() => ({ env }));

beforeAll(() => {
  agent = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
});

afterAll(async () => {
  await Promise.all(closing.map(async (close) => await close()));
  proxy?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Presses the test button of a credential, and has the node use it. */
async function tryOut(baseUrl: string): Promise<{ tested: string; said: unknown }> {
  const { clientId, clientSecret } = agent;
  const data = { baseUrl, clientId, clientSecret };
  const name = `Account at ${baseUrl}`;
  const saved = await host.client.createCredential({ name, type: 'imagineAnythingApi', data });
  const tested = await host.client.testCredential(saved, data);
  const { id } = await host.client.createWorkflow(
    chain(
      'Who am I?',
      manualTrigger,
      imagineAnything('Profile', {
        parameters: { resource: 'profile', operation: 'get' },
        credentials: { imagineAnythingApi: { id: saved.id, name } },
        onError: 'continueRegularOutput',
      }),
    ),
  );
  const [{ json }] = output(await host.client.runToEnd(id, MANUAL), 'Profile');
  return { tested: tested.message ?? '', said: json };
}

const AUTHORITY_ADVICE =
  'If you use your own certificate authority, set the environment variable NODE_EXTRA_CA_CERTS of n8n to its certificate file and restart n8n.';

test('a certificate of an authority that NODE_EXTRA_CA_CERTS names is trusted', async () => {
  const port = await serve(authority.issue({ names: ['127.0.0.1'] }));
  const { tested, said } = await tryOut(`https://127.0.0.1:${port}`);
  expect(tested).toBe('Connection successful!');
  expect(said).toMatchObject({ handle: 'ada' });
});

test.each<[string, () => Certificate, string, string]>([
  [
    'that vouches for itself',
    () => selfSigned('A server', { names: ['127.0.0.1'] }),
    'n8n does not trust its certificate',
    AUTHORITY_ADVICE,
  ],
  [
    'of an authority that n8n does not know',
    () => makeAuthority('Somebody').issue({ names: ['127.0.0.1'] }),
    'n8n does not trust its certificate',
    AUTHORITY_ADVICE,
  ],
  [
    'that has expired',
    () => authority.issue({ names: ['127.0.0.1'], until: -1 }),
    'its certificate has expired',
    'The certificate of the service must be renewed. Also check the clock of the machine that runs n8n.',
  ],
  [
    'that is not valid yet',
    () => authority.issue({ names: ['127.0.0.1'], from: 1 }),
    'its certificate is not valid yet',
    'Check the clock of the machine that runs n8n.',
  ],
  [
    'of another host',
    () => authority.issue({ names: ['other.example', '127.0.0.2'] }),
    'its certificate is for a different host name',
    'Check the base URL of the credential.',
  ],
])('a certificate %s is named', async (_, certificate, reason, advice) => {
  const baseUrl = `https://127.0.0.1:${await serve(certificate())}`;
  const { tested, said } = await tryOut(baseUrl);
  const message = `ImagineAnything could not be reached at ${baseUrl} to sign in: ${reason}. ${advice}`;
  expect(tested).toBe(message);
  expect(said).toMatchObject({
    error: expect.stringContaining(message) as string,
    details: { description: 'Nothing was sent.' },
  });
});

describe('a proxy', () => {
  const REJECTED = /proxy .*rejected .*\(HTTP 407\)/;

  test.each(['http://localhost:9', 'https://imagineanything.invalid'])(
    'that refuses the way to %s is named',
    async (baseUrl) => {
      const { tested, said } = await tryOut(baseUrl);
      expect(tested).toMatch(REJECTED);
      expect(said).toMatchObject({
        error: expect.stringMatching(REJECTED) as string,
        details: { description: expect.stringContaining('HTTP_PROXY and HTTPS_PROXY') as string },
      });
    },
  );

  test.each(['http://localhost:9', 'https://imagineanything.invalid'])(
    'that cannot be reached on the way to %s is named',
    async (baseUrl) => {
      proxy.close();
      proxy.closeAllConnections();
      const { tested, said } = await tryOut(baseUrl);
      const reason = `the proxy at 127.0.0.1:${proxyPort} could not be reached`;
      expect(tested).toContain(`${reason}. Check the proxy settings of n8n`);
      expect(said).toMatchObject({ error: expect.stringContaining(reason) as string });
    },
  );
});
