/** Rate limits: fixed windows per caller and class. reference: Rate Limits */
import { ApiError } from './errors';
import type { HintOptions, LimitNumbers, ResetForm, SandboxSettings } from './options';

export type LimitClass = keyof LimitNumbers;

/** What is left of a caller's budget in one class. */
export interface Budget {
  class: LimitClass;
  limit: number;
  remaining: number;
  /** When the window turns, in milliseconds since the epoch. */
  resetAt: number;
}

interface Window {
  startedAt: number;
  used: number;
}

export class RateLimits {
  readonly #windows = new Map<string, Window>();
  /** How many requests were refused. */
  refused = 0;

  constructor(private readonly settings: Pick<SandboxSettings, 'limits' | 'windowMs' | 'now'>) {}

  /** Spends one request of the caller's budget. A window starts with its first request. */
  take(caller: string, limitClass: LimitClass): Budget & { allowed: boolean } {
    const now = this.settings.now();
    const key = `${limitClass} ${caller}`;
    let window = this.#windows.get(key);
    if (!window || now >= window.startedAt + this.settings.windowMs) {
      window = { startedAt: now, used: 0 };
      this.#windows.set(key, window);
    }
    const allowed = window.used < this.settings.limits[limitClass];
    if (allowed) window.used += 1;
    else this.refused += 1;
    return { ...this.#budget(limitClass, window), allowed };
  }

  /** The caller's budget as it stands, spending nothing. */
  peek(caller: string, limitClass: LimitClass): Budget {
    const now = this.settings.now();
    const window = this.#windows.get(`${limitClass} ${caller}`);
    const current = window && now < window.startedAt + this.settings.windowMs;
    return this.#budget(limitClass, current ? window : { startedAt: now, used: 0 });
  }

  /** Forgets every window: all budgets are whole again. */
  clear(): void {
    this.#windows.clear();
  }

  #budget(limitClass: LimitClass, window: Window): Budget {
    const limit = this.settings.limits[limitClass];
    return {
      class: limitClass,
      limit,
      remaining: Math.max(0, limit - window.used),
      resetAt: window.startedAt + this.settings.windowMs,
    };
  }
}

/**
 * The class of a call: everything under `/api/auth/` is an authentication, GET is a read, the rest are writes.
 */
export function limitClassOf(method: string, path: string): LimitClass {
  if (path.startsWith('/api/auth/')) return 'auths';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}

/** A moment in the chosen form. Whole seconds are rounded up: who waits until then never comes too early. */
export function formatReset(resetAt: number, form: ResetForm, now: number): string {
  switch (form) {
    case 'epoch-milliseconds':
      return String(Math.ceil(resetAt));
    case 'seconds':
      return String(secondsUntil(resetAt, now));
    default:
      return String(Math.ceil(resetAt / 1000));
  }
}

/** The three headers of every answer. `Infinity` as a limit shows no numbers, since there are none. */
export function limitHeaders(
  budget: Budget,
  form: ResetForm,
  hints: HintOptions,
  now: number,
): Record<string, string> {
  if (budget.limit === Infinity) return {};
  return {
    'X-RateLimit-Limit': String(budget.limit),
    'X-RateLimit-Remaining': String(budget.remaining),
    ...(hints.reset && { 'X-RateLimit-Reset': formatReset(budget.resetAt, form, now) }),
  };
}

/** The refusal of a request over the limit. reference: Error Handling, 429 */
export function rateLimited(budget: Budget, hints: HintOptions, now: number): ApiError {
  const seconds = secondsUntil(budget.resetAt, now);
  const kinds = { reads: 'read', writes: 'write', auths: 'authentication' };
  return new ApiError(
    429,
    'rate_limited',
    `Too many ${kinds[budget.class]} requests: ${budget.limit} per window`,
    hints.retryAfterBody ? { retry_after: seconds } : {},
  );
}

/** Whole seconds until a moment, at least one. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000));
}
