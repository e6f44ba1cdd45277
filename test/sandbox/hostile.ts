/**
 * A server that answers with malice or nonsense: each behaviour is one way to hold a client for ever, to fill its
 * memory, to mislead it, or to have it show a secret. All of them end when the client is gone (as far as that can be
 * seen), when the sandbox closes, and when a bound of time or size is reached.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Behaviour, isObject, type Secrets, type Subject } from './hostile/behaviour';
import { lies } from './hostile/lies';
import { lists } from './hostile/lists';
import { secrets } from './hostile/secrets';
import { sizes } from './hostile/sizes';
import { waiting } from './hostile/waiting';
import { Wire, type WireOptions } from './hostile/wire';

/** The behaviours by what they are about. */
export const hostileGroups = { waiting, sizes, lists, lies, secrets };

const behaviours = { ...waiting, ...sizes, ...lists, ...lies, ...secrets };

export type HostileBehaviour = keyof typeof behaviours;

/** The names of all behaviours. */
export const hostileNames = Object.keys(behaviours) as HostileBehaviour[];

/** What a behaviour is, in words, and when it answers. */
export function describeHostile(name: HostileBehaviour): Pick<Behaviour, 'what' | 'when'> {
  const { what, when } = behaviours[name];
  return { what, when };
}

/** An ordered hostile answer. */
export interface HostileFault {
  kind: 'hostile';
  behaviour: HostileBehaviour;
  /** The pause between two pieces of what is dripped. Default 50. */
  everyMs?: number;
  /** How long it may take. Default ten minutes. */
  maxMs?: number;
  /** How much it may send. Default 256 MiB. */
  maxBytes?: number;
}

/** A request that gets a hostile answer. */
export interface HostileRequest extends Omit<Subject, 'secrets'> {
  socket: Socket;
  /** The body, where it has been read. */
  body: unknown;
  secretsOf(body: unknown): Secrets;
}

/** A request's body is kept only as far as a secret can be in it. */
const MAX_KEPT_BODY = 64 * 1024;

/** Answers a request. It returns when the connection is done with. */
export async function answerHostile(
  { behaviour, everyMs = 50, maxMs = 600_000, maxBytes = 256 * 1024 * 1024 }: HostileFault,
  { socket, body, secretsOf, ...subject }: HostileRequest,
  onStatus: WireOptions['onStatus'],
): Promise<void> {
  const { when, run } = behaviours[behaviour];
  const wire = new Wire(socket, { everyMs, maxMs, maxBytes, onStatus });
  try {
    const known = when === 'received' ? await receive(subject.request, wire.signal) : body;
    await run(wire, { ...subject, secrets: secretsOf(known) });
    socket.end();
  } catch (error) {
    socket.destroy();
    if (!wire.signal.aborted) throw error;
  }
}

/** Reads a request to its end. @returns its JSON, where it is any */
async function receive(request: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    size += part.length;
    if (size <= MAX_KEPT_BODY) kept.push(part);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(kept).toString());
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
