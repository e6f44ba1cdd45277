import { once } from 'node:events';
import { createServer } from 'node:net';

/** Thrown when a port that somebody asked for is taken. */
export class PortBusyError extends Error {
  constructor(
    readonly port: number,
    what: string,
  ) {
    super(
      `Port ${port}, wanted for ${what}, is in use by another program. Choose another one, or leave the option out to have a free one chosen.`,
    );
    this.name = 'PortBusyError';
  }
}

async function listen(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No TCP address');
  return address.port;
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  return await listen(0);
}

/** Fails with {@link PortBusyError} when `port` is taken; `what` says in the message for whom. */
export async function requirePort(port: number, what: string): Promise<number> {
  try {
    return await listen(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortBusyError(port, what);
    throw error;
  }
}
