import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request that reached a server which it should not have reached. */
export interface Stray {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
}

/** A server of somebody else on this machine, which would take whatever it is sent. */
export interface Elsewhere {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Whatever reached it, connections for a proxy and without encryption included. */
  readonly reached: Stray[];
  close(): Promise<void>;
}

/** Starts one on a free port. It answers every request with JSON that asks for another. */
export async function startElsewhere(): Promise<Elsewhere> {
  const reached: Stray[] = [];
  const note = ({ method = '', url = '', headers }: Partial<Stray>): void => {
    reached.push({ method, url, headers: headers ?? {} });
  };
  const server = createServer((request, response) => {
    note(request);
    request.resume();
    const body = JSON.stringify({ id: 'x', access_token: 'iat_x', next: request.url });
    response.setHeader('Content-Type', 'application/json').end(body);
  });
  server.on('connect', (request, socket: Socket) => {
    note(request);
    socket.destroy();
  });
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
    note({ method: 'unreadable', url: error.rawPacket?.toString('latin1') });
    socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    reached,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
