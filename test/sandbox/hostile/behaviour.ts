/** What a hostile answer is made of. */
import type { IncomingMessage } from 'node:http';
import type { Wire } from './wire';

/** What the request carried that nobody may see. */
export interface Secrets {
  accessToken?: string;
  refreshToken?: string;
  clientSecret?: string;
}

/** The request that is answered, and the right answer to it. */
export interface Subject {
  request: IncomingMessage;
  query: Readonly<Record<string, unknown>>;
  secrets: Secrets;
  /** The status of the right answer; 200 where the request was not handled. */
  status: number;
  /** The body of the right answer; `{"success":true}` where there is none. */
  text: string;
  now(): number;
}

/** One way to answer with malice or nonsense. */
export interface Behaviour {
  /** What the client meets, in a few words. */
  what: string;
  /**
   * - `at once`: the body of the request has not been read
   * - `received`: it has been read, and nothing was done with it
   * - `handled`: the request was handled, a write has taken effect
   */
  when: 'at once' | 'received' | 'handled';
  /** Answers. Afterwards the connection is ended; what it throws ends it as well. */
  run(wire: Wire, subject: Subject): Promise<void>;
}

/** Behaviours by their names. */
export type Behaviours = Readonly<Record<string, Behaviour>>;

/** The right answer as an object; anything else is put into one. */
export function objectOf({ text }: Subject): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  return isObject(value) ? value : { value };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values of all secrets. */
export function secretValues({ secrets }: Subject): string[] {
  const { accessToken, refreshToken, clientSecret } = secrets;
  return [accessToken, refreshToken, clientSecret].filter(
    (value): value is string => value !== undefined && value !== '',
  );
}
