/** What can be set on a sandbox, with the defaults of the reference and of the vendor's pages (docs/service.md). */

import { ACCEPT_CHOICES, ACCEPT_DEFAULTS, type AcceptOptions } from './acceptOptions';
import type { Counting } from './counting';
import {
  BUCKETS,
  type BucketOf,
  type HintOptions,
  type JobLimitOptions,
  type LimitNumbers,
  type ResetForm,
  type WindowForm,
} from './limitOptions';

/** How answers and deliveries write handles: `name` as in the reference, or `@name` as recorded by the vendor's SDK. */
export type HandleForm = 'plain' | 'at';

/**
 * Which of the documented fields responses have, where the documents differ: those of the `reference`, those that the
 * vendor's `sdk` records, or `all`. An agent has flat counts in one and `stats`, `capabilities` and `gamification` in the
 * other; an upload has `media_id` or `id`; a page has `hasMore` only in the SDK, except for that of generation jobs.
 */
export type FieldChoice = 'all' | 'reference' | 'sdk';

/**
 * What a token looks like: `prefixed` (`iat_…`, `iar_…`), `jwt`, or `opaque`, with every kind of visible character. All
 * but the last occur (docs/service.md: Registration and sign-in).
 */
export type TokenForm = 'prefixed' | 'jwt' | 'opaque';

/**
 * What a refresh brings: `rotated`, a new refresh token, and the old one is used up; `kept`, the same one again;
 * `omitted`, none, and the old one stays good; `none`: no answer has any. Not documented.
 */
export type RefreshTokens = 'rotated' | 'kept' | 'omitted' | 'none';

/** How a delivery is signed; the reference does not say, so every plausible form can be chosen. */
export type SignatureFormat = 'sha256=hex' | 'sha256=base64' | 'hex' | 'base64' | 't,v1';

/** One thing that happened, before it takes the form of a delivery. */
export interface PlatformEvent {
  /** `evt_…` */
  id: string;
  /** `follow`, `like`, `comment`, `repost`, `quote`, `mention`, `reply`, `message` or `test`. */
  event: string;
  /** ISO 8601 */
  createdAt: string;
  /** `actor` (who did it), and `post`, `comment`, `message` where there is one. */
  data: Record<string, unknown>;
}

/**
 * The JSON of a delivery:
 * - `event-data` (default): `{ id, event, createdAt, data: { actor, post, … } }`
 * - `type-payload`: `{ id, type: 'FOLLOW', created_at, payload: { … } }`
 * - `flat`: `{ id, event, createdAt, actor, post, … }`
 * - `notification`: `{ notification: { id, type: 'FOLLOW', createdAt, agent, post, … } }`
 * - a function of your own
 */
export type BodyForm =
  | 'event-data'
  | 'type-payload'
  | 'flat'
  | 'notification'
  | ((event: PlatformEvent) => unknown);

/** Several events in one delivery. */
export interface BatchOptions {
  /** A delivery leaves when so many events have gathered … */
  size: number;
  /** … or so many milliseconds after the first. Default 100. */
  waitMs?: number;
  /** `array` (default): the body is an array; `events`: the array stands under `events`. */
  form?: 'array' | 'events';
}

/** The form of webhook deliveries. */
export interface DeliveryOptions {
  /** Default `X-ImagineAnything-Signature`. */
  signatureHeader: string;
  /** Default `sha256=hex`. */
  signatureFormat: SignatureFormat;
  /** Header that carries the event's name, or null. Default `X-ImagineAnything-Event`. */
  eventHeader: string | null;
  /** Header that carries the delivery's id, or null. Default `X-ImagineAnything-Delivery`. */
  idHeader: string | null;
  /** Default `event-data`. */
  bodyForm: BodyForm;
  /** Default null: one event a delivery. */
  batch: BatchOptions | null;
  /** A receiver that does not answer within this time counts as failed. Default 10 000. */
  timeoutMs: number;
}

/** Repeating a delivery that was refused or did not arrive. */
export interface RedeliverOptions {
  /** How many further attempts after the first. */
  attempts: number;
  /** Pause before each. */
  delayMs: number;
}

/** What a write is answered that finds its work done already. The reference does not say. */
export interface RepeatOptions {
  /** A second like, follow, repost or amplification: `success` (default), or `conflict`, which is a 409. */
  mark: 'success' | 'conflict';
  /**
   * Taking back what is not there, such as a like, a follow, the avatar or the webhook: `success` (default), or
   * `not-found`, which is a 404.
   */
  removal: 'success' | 'not-found';
  /** Deleting what is gone, such as a post: `not-found` (default), or `success`. */
  deletion: 'not-found' | 'success';
  /** A step that brings an order where it is, such as a second `accept`: `conflict` (default), or `success`. */
  step: 'conflict' | 'success';
  /** Setting the webhook to the URL that it has, without a new secret: `success` (default), or `conflict`. */
  webhook: 'success' | 'conflict';
}

/** All settings of an instance, with every default filled in. */
export interface SandboxSettings extends Counting {
  port: number;
  /** Object under its key (`{post: {…}}`) or the bare object; both occur (docs/service.md: Responses). */
  envelope: 'keyed' | 'bare';
  /** How a registration spells the client's members; both occur. Default `clientId`. docs/service.md: Registration and sign-in */
  registered: 'clientId' | 'client_id';
  /** Default `sliding`, as the vendor's pages say. */
  window: WindowForm;
  /** Both occur (docs/service.md: Handles). Paths and bodies take both. Default `plain`. */
  handles: HandleForm;
  /** Default `all`. */
  fields: FieldChoice;
  /** Length of a rate window. Default 60 000. */
  windowMs: number;
  limits: LimitNumbers;
  bucketOf: BucketOf;
  resetForm: ResetForm;
  hints: HintOptions;
  /** Life of an access token. Default 3600. reference: Authentication */
  tokenTtlS: number;
  /** Life of a refresh token. Default 30 days (docs/service.md: Registration and sign-in). */
  refreshTtlS: number;
  /** Default `prefixed`. */
  tokenForm: TokenForm;
  /** Default `rotated`. */
  refreshTokens: RefreshTokens;
  /** Added to every answer. Default 0. */
  latencyMs: number;
  /** How long a video stays in `processing`. Default 0. */
  videoProcessingMs: number;
  /** Time of a generation job between two statuses. Default 100. */
  generationStepMs: number;
  delivery: DeliveryOptions;
  redeliver: RedeliverOptions | null;
  repeats: RepeatOptions;
  /** Requests that the reference leaves open. The contract by default. */
  accepts: AcceptOptions;
  jobLimit: JobLimitOptions;
  /** The clock of the instance, for tests that jump in time. Default `Date.now`. */
  now: () => number;
}

/** What `startSandbox` takes: any part of the settings. */
export type SandboxOptions = Partial<
  Omit<
    SandboxSettings,
    'limits' | 'hints' | 'delivery' | 'redeliver' | 'repeats' | 'accepts' | 'jobLimit'
  >
> & {
  limits?: Partial<LimitNumbers>;
  hints?: Partial<HintOptions>;
  delivery?: Partial<DeliveryOptions>;
  redeliver?: Partial<RedeliverOptions> | null;
  repeats?: Partial<RepeatOptions>;
  accepts?: Partial<AcceptOptions>;
  jobLimit?: Partial<JobLimitOptions>;
};

/**
 * Fills in the defaults and checks the numbers and choices.
 * @throws RangeError naming the option that is not acceptable
 */
export function resolveOptions(options: SandboxOptions = {}): SandboxSettings {
  const settings: SandboxSettings = {
    port: options.port ?? 0,
    envelope: options.envelope ?? 'keyed',
    registered: options.registered ?? 'clientId',
    window: options.window ?? 'sliding',
    handles: options.handles ?? 'plain',
    fields: options.fields ?? 'all',
    windowMs: options.windowMs ?? 60_000,
    limits: { auth: 10, read: 100, write: 30, upload: 10, ...options.limits },
    bucketOf: options.bucketOf ?? (() => undefined),
    resetForm: options.resetForm ?? 'epoch-seconds',
    hints: {
      reset: true,
      endpointType: true,
      retryAfterHeader: true,
      retryAfterBody: 'retryAfter',
      ...options.hints,
    },
    tokenTtlS: options.tokenTtlS ?? 3600,
    refreshTtlS: options.refreshTtlS ?? 30 * 86_400,
    tokenForm: options.tokenForm ?? 'prefixed',
    refreshTokens: options.refreshTokens ?? 'rotated',
    latencyMs: options.latencyMs ?? 0,
    videoProcessingMs: options.videoProcessingMs ?? 0,
    generationStepMs: options.generationStepMs ?? 100,
    delivery: {
      signatureHeader: 'X-ImagineAnything-Signature',
      signatureFormat: 'sha256=hex',
      eventHeader: 'X-ImagineAnything-Event',
      idHeader: 'X-ImagineAnything-Delivery',
      bodyForm: 'event-data',
      batch: null,
      timeoutMs: 10_000,
      ...options.delivery,
    },
    redeliver: options.redeliver ? { attempts: 3, delayMs: 1000, ...options.redeliver } : null,
    repeats: {
      mark: 'success',
      removal: 'success',
      deletion: 'not-found',
      step: 'conflict',
      webhook: 'success',
      ...options.repeats,
    },
    accepts: { ...ACCEPT_DEFAULTS, ...options.accepts },
    jobLimit: { status: 409, headers: 'requests', ...options.jobLimit },
    characters: options.characters ?? 'people',
    megabyte: options.megabyte ?? 'binary',
    now: options.now ?? Date.now,
  };
  integer('port', settings.port, 0, 65_535);
  integer('windowMs', settings.windowMs, 1);
  for (const [bucket, limit] of Object.entries(settings.limits)) {
    choice('The bucket of a limit', bucket, BUCKETS);
    integer(`limits.${bucket}`, limit as number, 1);
  }
  // A fraction of a second is welcome here: tests use tokens that expire at once.
  number('tokenTtlS', settings.tokenTtlS, 0);
  number('refreshTtlS', settings.refreshTtlS, 0);
  integer('latencyMs', settings.latencyMs, 0);
  integer('videoProcessingMs', settings.videoProcessingMs, 0);
  integer('generationStepMs', settings.generationStepMs, 0);
  choice('envelope', settings.envelope, ['keyed', 'bare']);
  choice('registered', settings.registered, ['clientId', 'client_id']);
  choice('window', settings.window, ['sliding', 'fixed']);
  choice('tokenForm', settings.tokenForm, ['prefixed', 'jwt', 'opaque']);
  choice('refreshTokens', settings.refreshTokens, ['rotated', 'kept', 'omitted', 'none']);
  choice('handles', settings.handles, ['plain', 'at']);
  choice('fields', settings.fields, ['all', 'reference', 'sdk']);
  choice('resetForm', settings.resetForm, ['epoch-seconds', 'epoch-milliseconds', 'seconds']);
  choice('delivery.signatureFormat', settings.delivery.signatureFormat, [
    'sha256=hex',
    'sha256=base64',
    'hex',
    'base64',
    't,v1',
  ]);
  const { repeats } = settings;
  choice('repeats.mark', repeats.mark, ['success', 'conflict']);
  choice('repeats.removal', repeats.removal, ['success', 'not-found']);
  choice('repeats.deletion', repeats.deletion, ['not-found', 'success']);
  choice('repeats.step', repeats.step, ['conflict', 'success']);
  choice('repeats.webhook', repeats.webhook, ['success', 'conflict']);
  for (const [name, value] of Object.entries(settings.accepts)) {
    choice('The name in accepts', name, Object.keys(ACCEPT_CHOICES));
    choice(`accepts.${name}`, value, ACCEPT_CHOICES[name as keyof AcceptOptions]);
  }
  choice('jobLimit.status', String(settings.jobLimit.status), ['400', '403', '409', '429']);
  choice('jobLimit.headers', settings.jobLimit.headers, ['requests', 'jobs', 'none']);
  choice('characters', settings.characters, ['people', 'utf16']);
  choice('megabyte', settings.megabyte, ['binary', 'decimal']);
  return settings;
}

function number(name: string, value: number, min: number): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < min) {
    throw new RangeError(`${name} must be a number of at least ${min}, not ${String(value)}`);
  }
}

function integer(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (value === Infinity && max === Number.MAX_SAFE_INTEGER) return;
  if (!Number.isInteger(value) || value < min || value > max) {
    const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `${min} to ${max}`;
    throw new RangeError(`${name} must be a whole number of ${range}, not ${String(value)}`);
  }
}

function choice(name: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) {
    throw new RangeError(`${name} must be one of ${choices.join(', ')}, not ${String(value)}`);
  }
}
