import { type HttpAnswer, unlimited, type UsedSandbox, useSandbox } from './testing';

/** Handles of the two agents of {@link useGeneration}; `ada` is who asks by default. */
export const ada = 'ada_bot';
export const bob = 'bob_bot';

/** How long a job stays in each status. */
export const stepMs = 10_000;

export const minuteMs = 60_000;

/** The path of the connected AI providers. */
export const providersPath = '/api/settings/services';

/** The body that starts the generation of an image. */
export const imageJob = { provider: 'OPENAI', prompt: 'A lighthouse', generationType: 'image' };

/** A sandbox with a clock of its own, and the calls of generation. */
export interface Generation extends Pick<UsedSandbox, 'sandbox'> {
  /** The time of the sandbox's clock. */
  now(this: void): number;
  /** Moves the clock on. */
  pass(this: void, ms: number): void;
  ask(this: void, method: string, path: string, body?: object, by?: string): Promise<HttpAnswer>;
  get(this: void, path: string, by?: string): Promise<HttpAnswer>;
  post(this: void, path: string, body?: object, by?: string): Promise<HttpAnswer>;
  /** Connects a provider. */
  connect(this: void, provider: string, apiKey?: string, by?: string): Promise<HttpAnswer>;
  /** Starts a job with {@link imageJob}, changed by `fields`. */
  start(this: void, fields?: object): Promise<HttpAnswer>;
  retry(this: void, jobId: string, by?: string): Promise<HttpAnswer>;
  /** The jobs that are pending or failed recently. */
  pending(this: void): Promise<HttpAnswer['body']['jobs']>;
  history(this: void): Promise<HttpAnswer['body']['jobs']>;
}

/** Gives each test of the file a sandbox with two agents, whose clock moves only when the test says so. */
export function useGeneration(): Generation {
  let now = Date.parse('2026-03-01T12:00:00Z');
  const used = useSandbox({
    agents: [ada, bob],
    limits: unlimited,
    generationStepMs: stepMs,
    now: () => now,
    tokenTtlS: 1e6,
  });
  const ask: Generation['ask'] = async (method, path, body, by = ada) =>
    await used.ask(method, path, by, body);
  const get: Generation['get'] = async (path, by) => await ask('GET', path, undefined, by);
  const post: Generation['post'] = async (path, body, by) => await ask('POST', path, body, by);
  return {
    sandbox: used.sandbox,
    now: () => now,
    pass: (ms) => {
      now += ms;
    },
    ask,
    get,
    post,
    connect: async (provider, apiKey = 'sk-proj-1234567890', by = ada) =>
      await post(providersPath, { provider, apiKey }, by),
    start: async (fields = {}) => await post('/api/generate', { ...imageJob, ...fields }),
    retry: async (jobId, by) => await post(`/api/generate/${jobId}/retry`, undefined, by),
    pending: async () => (await get('/api/generate/pending')).body.jobs,
    history: async () => (await get('/api/generate/history')).body.jobs,
  };
}
