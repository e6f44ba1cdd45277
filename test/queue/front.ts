import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Leads production webhooks to the webhook process and everything else to the main process. */
export interface Front {
  url: string;
  /** Says where the processes are; before, every request is answered with 502. */
  lead(targets: { main: string; webhook: string }): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of n8n's processes, as every n8n in queue mode needs one. */
export async function startFront(): Promise<Front> {
  let targets: { main: string; webhook: string } | undefined;
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const target = path.startsWith('/webhook/') ? targets?.webhook : targets?.main;
    if (target === undefined) outgoing.writeHead(502).end();
    else pass(incoming, outgoing, new URL(path, target));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lead: (given) => {
      targets = given;
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
