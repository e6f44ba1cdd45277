/** Faults that tests order: what goes wrong on the wire, for which requests, and how often. */
import { describeHostile, type HostileFault } from './hostile';
import type { ResetForm } from './limitOptions';

/**
 * The hint of an ordered 429: a form of `X-RateLimit-Reset`, `Retry-After`, one field of the body, none, or all that
 * the settings of the sandbox give.
 */
export type HintForm =
  | ResetForm
  | 'retry-after'
  | 'body-retryAfter'
  | 'body-retry_after'
  | 'body-reset'
  | 'none'
  | 'settings';

/**
 * What happens instead of the answer. With `apply: true` the request is handled first (a write takes effect) and only
 * its answer is lost; without, nothing is handled.
 */
export type Fault =
  /** Any status; an object is sent as JSON, a string as it is. */
  | {
      kind: 'status';
      status: number;
      body?: unknown;
      headers?: Record<string, string>;
      apply?: boolean;
    }
  /** 401 as if the token were bad; the token itself stays good. */
  | { kind: 'unauthorized' }
  /** Ends the token that the request carries; the request then meets the ordinary 401. */
  | { kind: 'expire-token' }
  /** 429 with these hints; `waitMs` (default: until the limit resets) is what the hint says. */
  | { kind: 'rate-limited'; hint: HintForm; waitMs?: number }
  /** A proxy's 502 in HTML. */
  | { kind: 'bad-gateway'; apply?: boolean }
  /** The connection is reset: `apply: true` after the write took effect, else before anything is handled. */
  | { kind: 'reset'; apply?: boolean }
  /** No answer ever; the connection stays open until the client or the sandbox closes it. */
  | { kind: 'timeout'; apply?: boolean }
  /**
   * Half of the answer: `cut-connection` (default) announces the whole length and closes in the middle, `cut-json` is a
   * complete HTTP answer whose JSON breaks off. The request is handled.
   */
  | { kind: 'truncated'; form?: 'cut-connection' | 'cut-json' }
  /** 200 with an empty body; the request is handled. */
  | { kind: 'empty' }
  /** The right answer as `text/html` (or another type), or with another body; the request is handled. */
  | { kind: 'content-type'; contentType?: string; body?: string }
  /** A redirect to another address (default status 302); nothing is handled. */
  | { kind: 'redirect'; location: string; status?: 301 | 302 | 303 | 307 | 308 }
  /** Handled and answered as ever, but later. */
  | { kind: 'latency'; ms: number }
  /** An answer with malice or nonsense: see `hostile.ts`, which says of each whether the request is handled. */
  | HostileFault;

/** Which requests a fault is for; what is left out matches all. */
export interface FaultMatch {
  operationId?: string;
  method?: string;
  /** The path without the query. */
  path?: string | RegExp;
  /** Handle of the agent whose token the request carries. */
  agent?: string;
}

export interface FaultRule {
  match?: FaultMatch;
  /** So many matching requests pass first. Default 0. */
  skip?: number;
  /** How many requests it then hits. Default 1; `Infinity` for ever. */
  times?: number;
  fault: Fault;
}

/** A rule that was added. */
export interface ActiveFault {
  /** How many requests it has hit. */
  readonly hits: number;
  remove(): void;
}

export interface FaultSubject {
  operationId: string | null;
  method: string;
  path: string;
  agent: string | null;
}

export class Faults {
  readonly #rules: Array<{ rule: FaultRule; seen: number; hits: number }> = [];

  /** Orders a fault. Rules are tried in the order they were added; the first that is due is used. */
  add(rule: FaultRule): ActiveFault {
    const entry = { rule, seen: 0, hits: 0 };
    this.#rules.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      remove: () => {
        const index = this.#rules.indexOf(entry);
        if (index >= 0) this.#rules.splice(index, 1);
      },
    };
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault due for this request, which is used up by asking. */
  take(subject: FaultSubject): Fault | undefined {
    for (const entry of this.#rules) {
      const { match = {}, skip = 0, times = 1, fault } = entry.rule;
      if (!matches(match, subject)) continue;
      entry.seen += 1;
      if (entry.seen <= skip || entry.hits >= times) continue;
      entry.hits += 1;
      return fault;
    }
    return undefined;
  }
}

/** Whether the request is handled before the fault applies. */
export function appliesFirst(fault: Fault): boolean {
  switch (fault.kind) {
    case 'status':
    case 'bad-gateway':
    case 'reset':
    case 'timeout':
      return fault.apply ?? false;
    case 'truncated':
    case 'empty':
    case 'content-type':
    case 'latency':
    case 'expire-token':
      return true;
    case 'hostile':
      return describeHostile(fault.behaviour).when === 'handled';
    default:
      return false;
  }
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  if (match.operationId !== undefined && match.operationId !== subject.operationId) return false;
  if (match.method !== undefined && match.method.toUpperCase() !== subject.method) return false;
  if (match.agent !== undefined && match.agent !== subject.agent) return false;
  if (match.path === undefined) return true;
  if (typeof match.path === 'string') return match.path === subject.path;
  match.path.lastIndex = 0;
  return match.path.test(subject.path);
}
