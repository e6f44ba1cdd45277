import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

import { isReady } from './n8n';

/** A reverse proxy in front of n8n's processes. */
export interface ReverseProxy {
  url: string;
  /**
   * Sets where requests go; until then every request is answered with 502.
   * @param targetOf gives the address of the process for a path
   */
  route(targetOf: (path: string) => string): void;
  stop(): Promise<void>;
}

export interface ReverseProxyOptions {
  /**
   * Answers with 503 while n8n is not ready. While its database is not, n8n 2.41.1 answers anything with 200
   * and "n8n is starting up. Please wait".
   */
  whenReady?: boolean;
}

/** Starts a reverse proxy in front of n8n's processes. */
export async function startReverseProxy({
  whenReady = false,
}: ReverseProxyOptions = {}): Promise<ReverseProxy> {
  let targetOf: ((path: string) => string) | undefined;
  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const path = incoming.url ?? '/';
    const target = targetOf?.(path);
    if (target === undefined) outgoing.writeHead(502).end();
    else if (whenReady && !(await isReady(target))) outgoing.writeHead(503).end();
    else pass(incoming, outgoing, new URL(path, target));
  };
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    route: (given) => {
      targetOf = given;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, url: URL): void {
  const { method, headers } = incoming;
  const onward = request(url, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  incoming.pipe(onward);
}
