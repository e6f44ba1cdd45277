/** What the trigger makes of the responses while it registers its webhook: those of the service, and of an old URL. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';
import { follow, STARTED, useTrigger } from './support/useTrigger';

const { n8n, sandbox, agent, webhook, production, point, start, deliver } = useTrigger();

describe('Responses about a webhook', () => {
  it.each([
    [404, { error: 'not_found', message: 'No webhook is configured' }],
    [204, undefined],
  ])('The status %i means that there is no webhook', async (status, body) => {
    n8n.add('a', agent.handle);
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      times: 2,
      fault: { kind: 'status', status, body },
    });
    await n8n.activate('a');
    expect(webhook()?.url).toBe(production('a'));
  });

  it.each(['<!doctype html><title>404 Not Found</title>', undefined])(
    'A 404 that is not from the service does not mean that there is no webhook: %j',
    async (body) => {
      await start();
      point('https://elsewhere.example/hook');
      sandbox.faults.add({
        match: { operationId: 'webhookGet' },
        times: Infinity,
        fault: { kind: 'status', status: 404, body },
      });
      n8n.add('b', agent.handle);
      await expect(n8n.activate('b')).rejects.toMatchObject({
        message: expect.stringContaining('(HTTP 404)') as string,
        description: expect.stringContaining('Check the base URL of the credential') as string,
      });
      expect(webhook()?.url).toBe('https://elsewhere.example/hook');
    },
  );

  it('A URL that is null means that there is no webhook', async () => {
    n8n.add('a', agent.handle);
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      times: 2,
      fault: { kind: 'status', status: 200, body: { webhookUrl: null, docs: 'https://x.example' } },
    });
    await n8n.activate('a');
    expect(webhook()?.url).toBe(production('a'));
  });

  it.each([
    [
      { callback: 'https://elsewhere.example/hook' },
      'already delivered to https://elsewhere.example/hook',
    ],
    [
      { webhook: 'https://elsewhere.example/hook' },
      'already delivered to https://elsewhere.example/hook',
    ],
    [
      { webhooks: [{ address: 'https://elsewhere.example/hook' }], docs: 'https://x.example' },
      'already delivered to https://elsewhere.example/hook',
    ],
  ])('The response %j does not mean that there is no webhook', async (body, says) => {
    n8n.add('a', agent.handle);
    sandbox.faults.add({
      match: { operationId: 'webhookGet' },
      times: Infinity,
      fault: { kind: 'status', status: 200, body },
    });
    await expect(n8n.activate('a')).rejects.toThrow(says);
    expect(webhook()).toBeNull();
  });
});

describe('Responses of the service', () => {
  const say = (operationId: string, body: IDataObject) =>
    sandbox.faults.add({
      match: { operationId },
      times: Infinity,
      fault: { kind: 'status', status: 200, body },
    });
  const EXPRESSION = '={{ $json.password }}';
  const note = () => n8n.credentials.read(agent.handle).webhook as string;
  const ownUrl = () => (JSON.parse(note()) as { webhookUrl: string }).webhookUrl;

  it('Stored text is never an expression', async () => {
    sandbox.faults.add({
      match: { path: '/api/agents/me' },
      times: Infinity,
      fault: { kind: 'status', status: 200, body: { id: EXPRESSION, handle: EXPRESSION } },
    });
    say('webhookConfigure', { webhookSecret: EXPRESSION });
    await start();
    expect(note()).toMatch(/^\{/);
    expect(JSON.parse(note())).toMatchObject({ secret: EXPRESSION, id: EXPRESSION });
    // It is a secret like any other.
    expect(
      await deliver(follow(), {
        secret: EXPRESSION,
        url: ownUrl(),
      }),
    ).toEqual(STARTED);
  });

  it.each([EXPRESSION, 'javascript:alert(1)', `https://x.example/${'x'.repeat(2048)}`])(
    'A value that is not a URL is not understood: %#',
    async (webhookUrl) => {
      say('webhookGet', { webhookUrl });
      const before = note();
      sandbox.requests.clear();
      n8n.add('a', agent.handle, { replaceExistingWebhook: true });
      await expect(n8n.activate('a')).rejects.toThrow('the response was not understood');
      await expect(n8n.listen('a')).rejects.toThrow('the response was not understood');
      expect(note()).toBe(before);
      expect(sandbox.requests.of('webhookConfigure')).toEqual([]);
    },
  );

  it.each(['', 'x'.repeat(5000), 'two\nlines', 5])(
    'A value is not a secret: %#',
    async (webhookSecret) => {
      say('webhookConfigure', { webhookSecret });
      n8n.add('a', agent.handle, { verification: 'signature' });
      await expect(n8n.activate('a')).rejects.toThrow('ImagineAnything returned no signing secret');
      // The address is enough otherwise.
      await start();
      expect(await deliver(follow(), { sign: 'none', url: ownUrl() })).toEqual(STARTED);
    },
  );
});

describe('The current owner of an old webhook URL', () => {
  let other: Server;
  let closed: Promise<void>;

  const answerWith = async (body: (write: (chunk: string) => void) => void): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    closed = promise;
    other = createServer((_request, response) => {
      response.writeHead(415);
      response.on('close', resolve);
      body((chunk) => response.write(chunk));
    });
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(other.address() as AddressInfo).port}/webhook/hook-a/webhook`;
  };

  afterEach(() => {
    other.closeAllConnections();
    other.close();
  });

  const moveFrom = async (old: string): Promise<void> => {
    await start();
    point(old);
    n8n.registeredAs('a', old);
    await n8n.activate('a');
    expect(webhook()?.url).toBe(production('a'));
    await closed;
  };

  it('The owner may respond without end', async () => {
    const old = await answerWith((write) => {
      const more = setInterval(() => write('x'.repeat(65_536)), 1);
      void closed.then(() => clearInterval(more));
    });
    await moveFrom(old);
  });

  it('The owner may respond as slowly as possible', async () => {
    // Whatever time there is, it ends: here after a hundredth of it.
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 100));
    const old = await answerWith((write) => {
      const more = setInterval(() => write('x'), 5);
      void closed.then(() => clearInterval(more));
    });
    await moveFrom(old);
  }, 30_000);
});
