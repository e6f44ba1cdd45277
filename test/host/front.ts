import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

import { isReady } from './n8n';

/** What stands in front of n8n for the outside. */
export interface Front {
  url: string;
  /**
   * Says where n8n is; before, every request is answered with 502.
   * @param targetOf yields the address of the process that a path leads to
   */
  lead(targetOf: (path: string) => string): void;
  stop(): Promise<void>;
}

export interface FrontOptions {
  /**
   * Answers with 503 while n8n is not ready. While its database is not, n8n 2.41.1 answers anything with 200
   * and "n8n is starting up. Please wait".
   */
  whenReady?: boolean;
}

/** Starts a proxy in front of n8n's processes. */
export async function startFront({ whenReady = false }: FrontOptions = {}): Promise<Front> {
  let targetOf: ((path: string) => string) | undefined;
  const lead = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const path = incoming.url ?? '/';
    const target = targetOf?.(path);
    if (target === undefined) outgoing.writeHead(502).end();
    else if (whenReady && !(await isReady(target))) outgoing.writeHead(503).end();
    else pass(incoming, outgoing, new URL(path, target));
  };
  const server = createServer((incoming, outgoing) => void lead(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lead: (given) => {
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
