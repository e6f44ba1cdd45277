/**
 * `npm run sandbox -- --port 4010`: an instance for any client.
 * Prints `{"url": "http://127.0.0.1:4010"}` when it listens and runs until SIGINT or SIGTERM.
 */
import { parseArgs } from 'node:util';
import { ACCEPT_CHOICES } from './acceptOptions';
import type { SandboxOptions } from './options';
import { startSandbox, type Sandbox } from './server';

/** One line for each setting, the default first. */
const acceptHelp = Object.entries(ACCEPT_CHOICES)
  .map(([name, choices]) => `${' '.repeat(29)}${name}=${choices.join('|')}`)
  .join('\n');

const help = `Usage: npm run sandbox -- [options]

  --port N                   port on 127.0.0.1 (default: a free one)
  --envelope keyed|bare      form of single objects in answers (default keyed)
  --handles plain|at         handles in answers and deliveries: name (default) or @name
  --fields all|reference|sdk which fields responses have where the documents differ: all (default), those of the
                             reference, or those that the vendor's SDK records
  --registered NAME          what a registration calls the client ID, and so its secret: clientId (default)
                             or client_id
  --window sliding|fixed     when counted requests are free again: each after a window's length (default), or all
                             of them a window's length after the first
  --window-ms N              length of a rate window (default 60000)
  --auth-limit N             registrations and token exchanges a window (default 10)
  --read-limit N             other GET requests a window (default 100)
  --write-limit N            other requests a window, but for uploads (default 30)
  --upload-limit N           uploads a window (default 10)
  --reset-form FORM          X-RateLimit-Reset: epoch-seconds (default), epoch-milliseconds or seconds
  --token-ttl-s N            life of an access token (default 3600)
  --refresh-ttl-s N          life of a refresh token (default 2592000, 30 days)
  --token-form FORM          prefixed (default: iat_…), jwt or opaque
  --refresh-tokens MODE      what a refresh brings: rotated (default), kept, omitted, or none at all
  --latency-ms N             added to every answer (default 0)
  --video-processing-ms N    how long a video is processed (default 0)
  --generation-step-ms N     time of a generation job between two statuses (default 100)
  --job-limit-status N       a fourth generation job at a time: 409 (default), 400, 403 or 429
  --job-limit-headers FORM   what its rate limit headers are about: requests (default), jobs, or none
  --characters COUNT         how limits of text count: people (default: an emoji is one) or utf16
  --megabyte SIZE            binary (default: 1,048,576 bytes) or decimal (1,000,000)
  --repeated-mark ANSWER     a second like, follow, repost or amplification: success (default) or conflict (409)
  --repeated-removal ANSWER  taking back a like, a follow or the webhook that is not there: success (default)
                             or not-found (404)
  --repeated-deletion ANSWER deleting what is gone: not-found (default) or success
  --repeated-step ANSWER     a step that an order has taken: conflict (default) or success
  --repeated-webhook ANSWER  setting the webhook to its URL: success (default) or conflict
  --accept NAME=CHOICE       requests that the reference leaves open, repeatable:
${acceptHelp}
  --redeliver N              attempts after a failed webhook delivery (default 0)
  --redeliver-delay-ms N     pause before each (default 1000)
  --help
`;

/**
 * Reads the command line.
 * @throws Error naming the argument that is not acceptable
 */
export function readArguments(args: string[]): SandboxOptions | 'help' {
  const { values } = parseArgs({
    args,
    strict: true,
    allowPositionals: false,
    options: {
      port: { type: 'string' },
      envelope: { type: 'string' },
      handles: { type: 'string' },
      fields: { type: 'string' },
      registered: { type: 'string' },
      window: { type: 'string' },
      'window-ms': { type: 'string' },
      'auth-limit': { type: 'string' },
      'read-limit': { type: 'string' },
      'write-limit': { type: 'string' },
      'upload-limit': { type: 'string' },
      'reset-form': { type: 'string' },
      'token-ttl-s': { type: 'string' },
      'refresh-ttl-s': { type: 'string' },
      'token-form': { type: 'string' },
      'refresh-tokens': { type: 'string' },
      'latency-ms': { type: 'string' },
      'video-processing-ms': { type: 'string' },
      'generation-step-ms': { type: 'string' },
      'job-limit-status': { type: 'string' },
      'job-limit-headers': { type: 'string' },
      characters: { type: 'string' },
      megabyte: { type: 'string' },
      'repeated-mark': { type: 'string' },
      'repeated-removal': { type: 'string' },
      'repeated-deletion': { type: 'string' },
      'repeated-step': { type: 'string' },
      'repeated-webhook': { type: 'string' },
      accept: { type: 'string', multiple: true },
      redeliver: { type: 'string' },
      'redeliver-delay-ms': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  const number = (name: Exclude<keyof typeof values, 'help' | 'accept'>): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (!/^\d+(\.\d+)?$/.test(value))
      throw new RangeError(`--${name} must be a number, not ${value}`);
    return Number(value);
  };
  const attempts = number('redeliver');
  return {
    port: number('port'),
    // `resolveOptions` checks the choices and names the option when one is not acceptable.
    envelope: values.envelope as SandboxOptions['envelope'],
    handles: values.handles as SandboxOptions['handles'],
    fields: values.fields as SandboxOptions['fields'],
    registered: values.registered as SandboxOptions['registered'],
    resetForm: values['reset-form'] as SandboxOptions['resetForm'],
    window: values.window as SandboxOptions['window'],
    windowMs: number('window-ms'),
    limits: defined({
      auth: number('auth-limit'),
      read: number('read-limit'),
      write: number('write-limit'),
      upload: number('upload-limit'),
    }),
    tokenTtlS: number('token-ttl-s'),
    refreshTtlS: number('refresh-ttl-s'),
    tokenForm: values['token-form'] as SandboxOptions['tokenForm'],
    refreshTokens: values['refresh-tokens'] as SandboxOptions['refreshTokens'],
    latencyMs: number('latency-ms'),
    videoProcessingMs: number('video-processing-ms'),
    generationStepMs: number('generation-step-ms'),
    jobLimit: defined({
      status: number('job-limit-status'),
      headers: values['job-limit-headers'],
    }) as SandboxOptions['jobLimit'],
    characters: values.characters as SandboxOptions['characters'],
    megabyte: values.megabyte as SandboxOptions['megabyte'],
    repeats: defined({
      mark: values['repeated-mark'],
      removal: values['repeated-removal'],
      deletion: values['repeated-deletion'],
      step: values['repeated-step'],
      webhook: values['repeated-webhook'],
    }) as SandboxOptions['repeats'],
    accepts: Object.fromEntries(
      (values.accept ?? []).map((each) => each.split('=', 2)),
    ) as SandboxOptions['accepts'],
    redeliver: attempts ? defined({ attempts, delayMs: number('redeliver-delay-ms') }) : null,
  };
}

function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(help);
    return;
  }
  const sandbox = await startSandbox(options);
  process.stdout.write(`${JSON.stringify({ url: sandbox.url })}\n`);
  const stop = (): void => void close(sandbox);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

async function close(sandbox: Sandbox): Promise<void> {
  await sandbox.close();
  process.exit(0);
}

function fail(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'EADDRINUSE' ? 'The port is busy: choose another with --port.' : message;
  process.stderr.write(`sandbox: ${why}\n`);
  process.exit(1);
}

if (require.main === module) main().catch(fail);
