/** What a handler of a resource gets and gives. */
import type { Deliveries } from './deliveries';
import type { Events } from './events';
import type { SandboxSettings } from './options';
import type { Pages } from './pages';
import type { Payments } from './payments';
import type { Agent } from './entities';
import type { State } from './state';
import type { TokenExchange, Tokens } from './tokens';
import type { ReceivedFile } from './uploads';
import type { Views } from './views';

/** Everything of an instance that handlers work with. */
export interface SandboxContext {
  readonly settings: SandboxSettings;
  readonly state: State;
  readonly tokens: Tokens;
  readonly tokenExchanges: TokenExchange[];
  readonly pages: Pages;
  readonly views: Views;
  readonly events: Events;
  readonly deliveries: Deliveries;
  readonly payments: Payments;
  /** Base URL of the instance. */
  readonly url: string;
  /** Does something later (a job that advances), unless the instance is closed before. */
  later(ms: number, task: () => void): void;
}

/** One request that kept the contract. */
export interface Call extends SandboxContext {
  readonly params: Readonly<Record<string, string>>;
  /** The query, with numbers and booleans as the contract says. */
  query<T extends object>(): T;
  /** The JSON body; an absent one is `{}`. */
  body<T extends object>(): T;
  /** The agent whose token the request carries; undefined on a public call without one. */
  readonly viewer: Agent | undefined;
  /** The agent whose token the request carries, on a call that needs one. */
  readonly me: Agent;
  /** Reads the upload. @throws ApiError 400 or 413 when form, type or size are not what the call accepts */
  upload(): Promise<ReceivedFile>;
  /** A single object as the instance answers it: under its key, or bare. */
  envelope(key: string, object: object): object;
}

/** A success. */
export interface Result {
  /** Default: the one the contract picks (`x-sandbox-status`), else its first success. */
  status?: number;
  /** Left out of the answer when the contract says that the status has no body. */
  body: unknown;
  /** The write found everything as it should be already (a second like) and changed nothing. */
  unchanged?: boolean;
}

/** Answers one operation. @throws ApiError to refuse */
export type Handler = (call: Call) => Result | Promise<Result>;

/** A resource's handlers, by the contract's operationId. */
export type Handlers = Readonly<Record<string, Handler>>;

/** A success with a body. */
export const answer = (body: unknown): Result => ({ body });

/** A success of a call that has nothing to say; `changed: false` when there was nothing to do. */
export const done = (changed = true): Result => ({ body: { success: true }, unchanged: !changed });
