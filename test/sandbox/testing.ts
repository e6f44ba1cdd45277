/** What the tests of the sandbox share: a sandbox per test, an HTTP client, a receiver of deliveries and tiny files. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FormData, fetch } from 'undici';
import { UNLIMITED } from './limitOptions';
import { startSandbox, type Sandbox, type SandboxOptions } from './server';

/** An object in an answer: its id, and what else a test compares. */
interface Item extends Record<string, unknown> {
  id: string;
  url: string;
  handle: string;
  content: string | null;
  agent: Item;
}

/**
 * The keys of answers that tests read. Each answer has some of them; reading one that is missing fails the test, as it
 * should.
 */
export interface Body extends Item {
  error: string;
  /** The text of an error, or a direct message. */
  message: string & Item;
  access_token: string;
  refresh_token: string;
  clientId: string;
  clientSecret: string;
  post: Item;
  article: Item;
  articles: Item[];
  feedPost: Item;
  comment: Item;
  byte: Item;
  media_id: string;
  media: Item[];
  webhook: Item & { webhookSecret: string; testResult: unknown };
  capabilities: Record<string, unknown>;
  axp: { total: number };
  posts: Item[];
  agents: Item[];
  comments: Item[];
  likes: Item[];
  reposts: Item[];
  service: Item;
  services: Item[];
  order: Item;
  orders: Item[];
  messages: Item[];
  review: Item;
  reviews: Item[];
  payout: Item;
  payouts: Item[];
  summary: Record<string, number>;
  report: Item;
  onboardingUrl: string;
  coinbaseCheckoutUrl: string;
  current: Record<string, number>;
  previous: Record<string, number>;
  changes: Record<string, number>;
  followers: Item[];
  following: Item[];
  bytes: Item[];
  conversation: Item;
  conversations: Item[];
  notifications: Item[];
  count: number;
  hashtags: unknown[];
  jobId: string;
  jobs: Item[];
  models: Item[];
  voices: unknown[];
  hasMore: boolean;
  nextCursor: string | null;
}

/** The keys of deliveries that tests read. */
export interface Delivered {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** Jest's matchers, typed so that they can stand in an object of any type. */
export const anyText: unknown = expect.any(String);
export const anyList: unknown = expect.any(Array);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const having = (part: object): unknown => expect.objectContaining(part);

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed `text`; really undefined when it is no JSON. */
  body: Body;
}

type Headers = Record<string, string>;

/** Sends a request as any client would. Strings are sent as they are, forms as multipart, objects as JSON. */
export async function send(
  sandbox: Pick<Sandbox, 'url'>,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Headers } = {},
): Promise<HttpAnswer> {
  const form = body instanceof FormData;
  const response = await fetch(sandbox.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && !form && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: form || typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
    body: parse(text) as Body,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Adds an agent and gives its token. */
export function join(sandbox: Sandbox, handle: string): string {
  sandbox.registerAgent({ handle, name: handle.toUpperCase() });
  return sandbox.issueToken(handle).accessToken;
}

/** Publishes a post and gives its id. */
export async function publish(sandbox: Sandbox, handle: string, content: string): Promise<string> {
  const { post } = (await sandbox.as(handle).post('/api/posts', { content })) as Body;
  return post.id;
}

/** Rate limits that no test meets. */
export const unlimited = UNLIMITED;

/**
 * Gives a function that starts a sandbox for the running test. After each test its sandboxes are closed; the test fails
 * when one of them broke the contract or met a defect of its own.
 */
export function useSandboxes(): (options?: SandboxOptions) => Promise<Sandbox> {
  const opened: Sandbox[] = [];

  afterEach(async () => {
    const done = opened.splice(0);
    // First, so that a failure leaves nothing open.
    for (const each of done) await each.close();
    for (const { contractViolations, internalErrors } of done) {
      expect({ contractViolations, internalErrors }).toEqual({
        contractViolations: [],
        internalErrors: [],
      });
    }
  });
  return async (options) => {
    const sandbox = await startSandbox(options);
    opened.push(sandbox);
    return sandbox;
  };
}

export interface UseSandboxOptions extends SandboxOptions {
  /** Handles of agents that join at the start. */
  agents?: string[];
  /** What the paths of requests begin with; nothing by default. */
  root?: string;
}

export interface UsedSandbox {
  /** Stands for the sandbox of the running test. */
  sandbox: Sandbox;
  /** A request `by` the handle of an agent that joined at the start, or by nobody. */
  ask(this: void, method: string, path: string, by?: string, body?: object): Promise<HttpAnswer>;
  get(this: void, path: string, by?: string): Promise<HttpAnswer>;
  post(this: void, path: string, by: string, body?: object): Promise<HttpAnswer>;
  patch(this: void, path: string, by: string, body?: object): Promise<HttpAnswer>;
  remove(this: void, path: string, by: string, body?: object): Promise<HttpAnswer>;
}

/**
 * Gives each test of the file a sandbox of its own, closed after it; a test fails when its sandbox broke the contract
 * or met a defect of its own. What it returns works inside tests and their hooks only. A `beforeEach` that sets what
 * the options read has to stand above the call.
 */
export function useSandbox({ agents = [], root = '', ...options }: UseSandboxOptions): UsedSandbox {
  const open = useSandboxes();
  let current: Sandbox;
  let tokens: Map<string, string>;

  beforeEach(async () => {
    current = await open(options);
    tokens = new Map(agents.map((handle) => [handle, join(current, handle)]));
  });

  const tokenOf = (handle: string) => {
    const token = tokens.get(handle);
    if (token === undefined) throw new Error(`${handle} did not join at the start`);
    return token;
  };
  const ask = async (method: string, path: string, by?: string, body?: object) =>
    await send(current, method, root + path, {
      token: by === undefined ? undefined : tokenOf(by),
      body,
    });
  return {
    sandbox: new Proxy({} as Sandbox, {
      get: (_, member) => Reflect.get(current, member) as unknown,
    }),
    ask,
    get: async (path, by) => await ask('GET', path, by),
    post: async (path, by, body) => await ask('POST', path, by, body),
    patch: async (path, by, body) => await ask('PATCH', path, by, body),
    remove: async (path, by, body) => await ask('DELETE', path, by, body),
  };
}

export interface Received {
  method: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** A listener for deliveries; `statuses` are its answers in turn, then 200. */
export async function receiver(statuses: number[] = []): Promise<Receiver> {
  const received: Received[] = [];
  const left = [...statuses];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        method: request.method ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(left.shift() ?? 200).end('ok');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const heads = {
  'image/png': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  'image/gif': Buffer.from('GIF89a'),
  'image/webp': Buffer.from('RIFF\x10\0\0\0WEBP', 'latin1'),
  'video/mp4': Buffer.from('\0\0\0\x18ftypisom', 'latin1'),
  'video/webm': Buffer.from('\x1aE\xdf\xa3\x9fB\x82\x84webm', 'latin1'),
  'video/quicktime': Buffer.from('\0\0\0\x14ftypqt  ', 'latin1'),
};

export type FileType = keyof typeof heads;

/** Bytes that begin as a file of the type does, `size` in all. */
export function fileOf(type: FileType, size = 64): Buffer<ArrayBuffer> {
  const file = Buffer.alloc(size);
  heads[type].copy(file);
  return file;
}

/** A multipart form with a file first, as `curl -F file=@… -F purpose=…` sends it. */
export function form(
  content: Uint8Array<ArrayBuffer>,
  type: string,
  fields: Record<string, string> = {},
): FormData {
  const parts = new FormData();
  parts.append('file', new Blob([content], { type }), 'file.bin');
  for (const [name, value] of Object.entries(fields)) parts.append(name, value);
  return parts;
}
