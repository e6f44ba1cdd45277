/**
 * Webhook deliveries. reference: Configure Your Webhook
 *
 * The reference says only that they exist ("real-time notifications (follows, likes, comments, DMs)"): headers and
 * repetition are assumptions, each a setting in `DeliveryOptions`, as are body and signature (`deliveryFormat.ts`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent as Dispatcher, request } from 'undici';
import { deliveryBody, newSecret, sign } from './deliveryFormat';
import type { PlatformEvent, SandboxSettings, SignatureFormat } from './options';
import type { Agent } from './entities';
import { newId } from './state';

/** One delivery and how it went; the same object is updated by repeated attempts. */
export interface DeliveryRecord {
  id: string;
  /** Handle of the agent whose webhook it is. */
  agent: string;
  /** Names of the events inside; empty for a body of a test's own. */
  events: string[];
  url: string;
  method: string;
  headers: Record<string, string>;
  /** The bytes that were sent, as text. */
  body: string;
  at: number;
  attempts: number;
  /** Status of the last attempt; null when it found no listener or no answer. */
  status: number | null;
  /** Body of the last answer. */
  responseBody: string | null;
  /** Why the last attempt found no answer. */
  error: string | null;
  state: 'pending' | 'delivered' | 'failed';
}

/** How `sandbox.deliver` departs from the ordinary. */
export interface DeliverOverrides {
  /** Default: the agent's webhook. */
  url?: string;
  method?: string;
  /** Default `application/json`; null sends none. */
  contentType?: string | null;
  /** `none` leaves the signature out, `wrong` signs with another secret. Default `good`. */
  sign?: 'good' | 'wrong' | 'none';
  /** The value of the signature header, as it is to be sent. */
  signature?: string;
  /** Signs with this secret instead of the webhook's. */
  secret?: string;
  signatureHeader?: string;
  signatureFormat?: SignatureFormat;
  /** Seconds since the epoch, for `t,v1`. */
  timestamp?: number;
  headers?: Record<string, string>;
  /** Default: no repetition. */
  redeliver?: boolean;
}

interface Outgoing {
  agent: Agent;
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | Buffer;
  events: string[];
  redeliver: boolean;
}

interface Gathering {
  events: PlatformEvent[];
  timer: NodeJS.Timeout;
}

/** The webhook deliveries of an instance. */
export class Deliveries {
  readonly records: DeliveryRecord[] = [];
  readonly #pending = new Set<Promise<unknown>>();
  readonly #gathering = new Map<Agent, Gathering>();
  readonly #closing = new AbortController();
  readonly #dispatcher = new Dispatcher({ keepAliveTimeout: 1000 });

  constructor(private readonly settings: Pick<SandboxSettings, 'delivery' | 'redeliver' | 'now'>) {}

  /** Tells an agent's webhook, if it has one. Returns at once. */
  event(agent: Agent, event: PlatformEvent): void {
    if (!agent.webhook) return;
    const { batch } = this.settings.delivery;
    if (!batch) {
      void this.#sendEvents(agent, [event]);
      return;
    }
    let gathering = this.#gathering.get(agent);
    if (!gathering) {
      const timer = setTimeout(() => this.#flush(agent), batch.waitMs ?? 100);
      this.#gathering.set(agent, (gathering = { events: [], timer }));
    }
    gathering.events.push(event);
    if (gathering.events.length >= batch.size) this.#flush(agent);
  }

  /** Sends one event at once and once only, past any batch, and resolves when it has been answered. */
  async eventNow(agent: Agent, event: PlatformEvent): Promise<DeliveryRecord | undefined> {
    return await this.#sendEvents(agent, [event], false);
  }

  /**
   * Sends any body to an agent's webhook, signed as the overrides say.
   * @throws Error when there is no address to send it to
   */
  async custom(
    agent: Agent,
    body: unknown,
    overrides: DeliverOverrides = {},
  ): Promise<DeliveryRecord> {
    const url = overrides.url ?? agent.webhook?.url;
    if (!url) throw new Error(`@${agent.handle} has no webhook`);
    const raw =
      typeof body === 'string' || Buffer.isBuffer(body) ? body : (JSON.stringify(body) ?? '');
    const secret =
      overrides.sign === 'wrong'
        ? newSecret()
        : (overrides.secret ?? agent.webhook?.secret ?? null);
    const { delivery } = this.settings;
    const headers: Record<string, string> = {};
    const contentType =
      overrides.contentType === undefined ? 'application/json' : overrides.contentType;
    if (contentType !== null) headers['Content-Type'] = contentType;
    const signature =
      overrides.signature ??
      (overrides.sign === 'none' || secret === null
        ? undefined
        : sign(
            raw,
            secret,
            overrides.signatureFormat ?? delivery.signatureFormat,
            overrides.timestamp ?? this.#seconds(),
          ));
    if (signature !== undefined) {
      headers[overrides.signatureHeader ?? delivery.signatureHeader] = signature;
    }
    return await this.#track(
      this.#send({
        agent,
        url,
        method: overrides.method ?? 'POST',
        headers: { ...headers, ...overrides.headers },
        body: raw,
        events: [],
        redeliver: overrides.redeliver ?? false,
      }),
    );
  }

  /** Resolves when nothing is under way, gathered or waiting to be repeated. */
  async settled(): Promise<void> {
    do {
      for (const agent of [...this.#gathering.keys()]) this.#flush(agent);
      await Promise.allSettled([...this.#pending]);
    } while (this.#pending.size > 0 || this.#gathering.size > 0);
  }

  /** Gives up what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { timer } of this.#gathering.values()) clearTimeout(timer);
    this.#gathering.clear();
    await Promise.allSettled([...this.#pending]);
    await this.#dispatcher.destroy();
  }

  #flush(agent: Agent): void {
    const gathering = this.#gathering.get(agent);
    if (!gathering) return;
    clearTimeout(gathering.timer);
    this.#gathering.delete(agent);
    void this.#sendEvents(agent, gathering.events);
  }

  async #sendEvents(
    agent: Agent,
    events: PlatformEvent[],
    redeliver = true,
  ): Promise<DeliveryRecord | undefined> {
    if (!agent.webhook) return undefined;
    const { delivery } = this.settings;
    const body = JSON.stringify(deliveryBody(events, delivery));
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'User-Agent': 'ImagineAnything-Webhooks/1.0',
    };
    if (delivery.eventHeader) headers[delivery.eventHeader] = events[0].event;
    if (delivery.idHeader) headers[delivery.idHeader] = events[0].id;
    const { url, secret } = agent.webhook;
    if (secret !== null) {
      headers[delivery.signatureHeader] = sign(
        body,
        secret,
        delivery.signatureFormat,
        this.#seconds(),
      );
    }
    return await this.#track(
      this.#send({
        agent,
        url,
        method: 'POST',
        headers,
        body,
        events: events.map(({ event }) => event),
        redeliver,
      }),
    );
  }

  async #send(outgoing: Outgoing): Promise<DeliveryRecord> {
    const { agent, redeliver, ...parts } = outgoing;
    const record: DeliveryRecord = {
      ...parts,
      id: newId('dlv'),
      agent: agent.handle,
      body: outgoing.body.toString(),
      at: this.settings.now(),
      attempts: 0,
      status: null,
      responseBody: null,
      error: null,
      state: 'pending',
    };
    this.records.push(record);
    const attempts = 1 + ((redeliver ? this.settings.redeliver?.attempts : 0) ?? 0);
    while (record.attempts < attempts && !this.#closing.signal.aborted) {
      if (record.attempts > 0) {
        // An abort ends the pause; the loop's condition then ends the rest.
        await sleep(this.settings.redeliver?.delayMs, undefined, {
          signal: this.#closing.signal,
        }).catch(() => undefined);
        if (this.#closing.signal.aborted) break;
      }
      await this.#attempt(record, outgoing.body);
      if (record.status !== null && record.status >= 200 && record.status < 300) {
        record.state = 'delivered';
        return record;
      }
    }
    record.state = 'failed';
    return record;
  }

  async #attempt(record: DeliveryRecord, body: string | Buffer): Promise<void> {
    record.attempts += 1;
    record.status = null;
    record.error = null;
    record.responseBody = null;
    try {
      const bodyless = record.method === 'GET' || record.method === 'HEAD';
      const response = await request(record.url, {
        method: record.method,
        headers: record.headers,
        body: bodyless ? null : body,
        dispatcher: this.#dispatcher,
        signal: AbortSignal.any([
          this.#closing.signal,
          AbortSignal.timeout(this.settings.delivery.timeoutMs),
        ]),
      });
      const responseBody = await response.body.text();
      record.status = response.statusCode;
      record.responseBody = responseBody;
    } catch (error) {
      record.error = error instanceof Error ? error.message : String(error);
    }
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    try {
      return await work;
    } finally {
      this.#pending.delete(work);
    }
  }

  #seconds(): number {
    return Math.floor(this.settings.now() / 1000);
  }
}
