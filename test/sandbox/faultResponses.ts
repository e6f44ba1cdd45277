/** What an ordered fault does: the answer that is given in place of the right one, or what becomes of the connection. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { unauthorized } from './errors';
import type { Fault, HintForm } from './faults';
import { answerHostile, type HostileFault } from './hostile';
import type { Secrets } from './hostile/behaviour';
import {
  type Budget,
  formatReset,
  limitHeaders,
  rateLimited,
  refusalFields,
  refusalHeaders,
  secondsUntil,
} from './limits';
import type { SandboxSettings } from './options';

export const JSON_TYPE = 'application/json; charset=utf-8';

export interface Answer {
  status: number;
  /** JSON text; undefined for no body. */
  body: string | undefined;
  /** null removes a header that the answer would have. */
  headers?: Readonly<Record<string, string | null>>;
}

/** What faults need of the server. */
export interface FaultHost {
  readonly settings: SandboxSettings;
  reply(request: FastifyRequest, reply: FastifyReply, answer: Answer): void;
  /** The budget that the request would spend from. */
  budgetOf(request: FastifyRequest): Budget;
  secretsOf(request: FastifyRequest, body: unknown): Secrets;
  /** Takes down an error of the sandbox itself. */
  defect(error: unknown): void;
}

export class FaultResponses {
  /** Hostile answers that have not ended. */
  underWay = 0;

  constructor(private readonly host: FaultHost) {}

  /** @param answer what would have been answered; undefined when the request has not been handled */
  async apply(
    fault: Fault,
    request: FastifyRequest,
    reply: FastifyReply,
    answer: Answer | undefined,
  ): Promise<void> {
    const send = (status: number, body: string | undefined, headers: Record<string, string>) =>
      this.host.reply(request, reply, { status, body, headers });
    // A 204 has nothing to cut or to mislabel: it becomes a 200 that has.
    const status = answer?.body === undefined ? 200 : answer.status;
    const text = answer?.body ?? '{"success":true}';
    switch (fault.kind) {
      case 'status': {
        const isText = typeof fault.body === 'string';
        const body = isText ? (fault.body as string) : JSON.stringify(fault.body);
        return send(fault.status, body, {
          ...(isText && { 'Content-Type': 'text/plain; charset=utf-8' }),
          ...fault.headers,
        });
      }
      case 'unauthorized':
        return send(401, JSON.stringify(unauthorized('The access token is invalid').body()), {});
      case 'rate-limited':
        return this.#limit(fault, request, reply);
      case 'bad-gateway':
        return send(502, '<html><body><h1>502 Bad Gateway</h1></body></html>', {
          'Content-Type': 'text/html',
        });
      case 'redirect':
        return send(fault.status ?? 302, undefined, { Location: fault.location });
      case 'empty':
        return send(200, '', {});
      case 'content-type':
        return send(status, fault.body ?? text, {
          'Content-Type': fault.contentType ?? 'text/html; charset=utf-8',
        });
      case 'reset':
        reply.hijack();
        request.raw.socket.resetAndDestroy();
        return;
      case 'timeout':
        reply.hijack();
        return;
      case 'truncated': {
        const half = text.slice(0, Math.ceil(text.length / 2));
        if (fault.form === 'cut-json') return send(status, half, {});
        reply.hijack();
        reply.raw.writeHead(status, {
          'Content-Type': JSON_TYPE,
          'Content-Length': Buffer.byteLength(text),
        });
        reply.raw.write(half, () => request.raw.socket.destroy());
        return;
      }
      case 'hostile':
        reply.hijack();
        return await this.#answerHostile(fault, request, { status, text });
      default:
        // `latency` and `expire-token` have done their work before the request was handled.
        if (answer) this.host.reply(request, reply, answer);
    }
  }

  #limit(
    { hint, waitMs }: Extract<Fault, { kind: 'rate-limited' }>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const now = this.host.settings.now();
    const budget = this.host.budgetOf(request);
    const resetAt = waitMs === undefined ? budget.resetAt : now + waitMs;
    const { headers, fields } = this.#hinted(hint, { ...budget, remaining: 0, resetAt }, now);
    const body = JSON.stringify(rateLimited(budget, fields).body());
    this.host.reply(request, reply, { status: 429, body, headers });
  }

  /** What headers and body of an ordered 429 say. */
  #hinted(
    hint: HintForm,
    budget: Budget,
    now: number,
  ): { headers: Record<string, string>; fields: Record<string, number> } {
    const { hints, resetForm } = this.host.settings;
    const seconds = secondsUntil(budget.resetAt, now);
    switch (hint) {
      case 'settings':
        return {
          headers: {
            ...limitHeaders(budget, resetForm, hints, now),
            ...refusalHeaders(budget, hints, now),
          },
          fields: refusalFields(budget, resetForm, hints, now),
        };
      case 'none':
        return { headers: {}, fields: {} };
      case 'retry-after':
        return { headers: { 'Retry-After': String(seconds) }, fields: {} };
      case 'body-retryAfter':
        return { headers: {}, fields: { retryAfter: seconds } };
      case 'body-retry_after':
        return { headers: {}, fields: { retry_after: seconds } };
      case 'body-reset':
        return { headers: {}, fields: { reset: formatReset(budget.resetAt, resetForm, now) } };
      default:
        return {
          headers: {
            'X-RateLimit-Limit': String(budget.limit),
            'X-RateLimit-Remaining': '0',
            'X-RateLimit-Reset': String(formatReset(budget.resetAt, hint, now)),
          },
          fields: {},
        };
    }
  }

  async #answerHostile(
    fault: HostileFault,
    request: FastifyRequest,
    answer: { status: number; text: string },
  ): Promise<void> {
    const { settings, secretsOf, defect } = this.host;
    const record = request.sandbox?.record;
    this.underWay += 1;
    try {
      await answerHostile(
        fault,
        {
          ...answer,
          now: settings.now,
          request: request.raw,
          socket: request.raw.socket,
          query: record?.query ?? {},
          body: request.body,
          secretsOf: (body) => secretsOf(request, body),
        },
        (status) => {
          if (record) record.status = status;
        },
      );
    } catch (error) {
      defect(error);
    } finally {
      this.underWay -= 1;
    }
  }
}
