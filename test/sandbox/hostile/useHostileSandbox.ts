/** What the tests of hostile answers share: a sandbox, and a client that sees every byte of an answer. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostileBehaviour, HostileFault } from '../hostile';
import { UNLIMITED } from '../limitOptions';
import { startSandbox, type RegisteredAgent, type Sandbox } from '../server';
import { publish } from '../testing';

export const MIB = 1024 * 1024;

/** The names of the behaviours of a group. */
export const namesOf = <Group extends object>(group: Group) =>
  Object.keys(group) as HostileBehaviour[];

/** A request as it is written to the connection. Default: GET /api/posts. */
export interface RawRequest {
  method?: string;
  path?: string;
  body?: string | Buffer;
}

/** An answer as bytes on a TCP connection. */
export class RawConnection {
  readonly #parts: Buffer[] = [];
  size = 0;
  closed = false;

  constructor(readonly socket: Socket) {
    socket.on('data', (part) => {
      this.#parts.push(part);
      this.size += part.length;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (this.closed = true));
  }

  /** All that has arrived. */
  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  /** All that has arrived, a character a byte. */
  get text(): string {
    return this.bytes.toString('latin1');
  }

  /** Status line and headers. */
  get head(): string {
    return this.text.split('\r\n\r\n', 1)[0];
  }

  /** What follows the headers, still chunked where it is sent in chunks. */
  get body(): Buffer {
    return this.bytes.subarray(this.head.length + 4);
  }

  /** Waits until the server has closed the connection. */
  async untilClosed(): Promise<this> {
    await until(() => this.closed);
    return this;
  }
}

/** Waits until a condition is true. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2);
}

/** The sandbox of a file of tests, and requests to it. */
export interface HostileSandbox {
  readonly sandbox: Sandbox;
  readonly agent: RegisteredAgent;
  /** An access token of the agent. */
  readonly token: string;
  /** The request that exchanges the credentials of the agent for a token. */
  signIn(): RawRequest;
  /** Has the next request answered with a behaviour. */
  addFault(
    behaviour: HostileBehaviour,
    bounds?: Partial<HostileFault>,
    where?: Sandbox,
  ): ReturnType<Sandbox['faults']['add']>;
  /** Sends a request with the token. */
  open(request?: RawRequest, where?: Pick<Sandbox, 'url'>): RawConnection;
  /** Sends a request that is answered with a behaviour. */
  openHostile(
    behaviour: HostileBehaviour,
    request?: RawRequest,
    bounds?: Partial<HostileFault>,
  ): RawConnection;
}

/**
 * Starts a sandbox for all tests of a file, with an agent that has three posts, and closes it after them. The file
 * fails when the sandbox met a defect of its own. What this returns works inside tests and their hooks only.
 */
export function useHostileSandbox(): HostileSandbox {
  let sandbox: Sandbox;
  let agent: RegisteredAgent;
  let token: string;

  beforeAll(async () => {
    sandbox = await startSandbox({
      limits: UNLIMITED,
    });
    agent = sandbox.registerAgent({ handle: 'ada_bot', name: 'Ada' });
    token = sandbox.issueToken('ada_bot').accessToken;
    for (const text of ['One', 'Two', 'Three']) await publish(sandbox, 'ada_bot', text);
  });
  afterAll(async () => {
    expect(sandbox.internalErrors).toEqual([]);
    await sandbox.close();
  });

  const addFault: HostileSandbox['addFault'] = (behaviour, bounds = {}, where = sandbox) =>
    where.faults.add({ fault: { kind: 'hostile', behaviour, everyMs: 5, ...bounds } });
  const open: HostileSandbox['open'] = (
    { method = 'GET', path = '/api/posts', body = '' } = {},
    { url } = sandbox,
  ) => {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    const bytes = Buffer.from(body);
    const authorization = path.startsWith('/api/auth/') ? '' : `Authorization: Bearer ${token}\r\n`;
    socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
        `${authorization}Content-Length: ${bytes.length}\r\n\r\n`,
    );
    socket.write(bytes);
    return new RawConnection(socket);
  };
  return {
    get sandbox() {
      return sandbox;
    },
    get agent() {
      return agent;
    },
    get token() {
      return token;
    },
    signIn: () => ({
      method: 'POST',
      path: '/api/auth/token',
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: agent.clientId,
        client_secret: agent.clientSecret,
      }),
    }),
    addFault,
    open,
    openHostile: (behaviour, request, bounds) => {
      addFault(behaviour, bounds);
      return open(request);
    },
  };
}
