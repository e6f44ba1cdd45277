import { createHmac, type Hmac } from 'node:crypto';
import type { Sandbox, SandboxOptions } from './server';
import { type Body, receiver, type Receiver, useSandboxes } from './testing';

/** The sandbox of the running test, and a receiver for the deliveries to its agent `ada_bot`. */
export interface UsedWebhook {
  readonly sandbox: Sandbox;
  readonly hook: Receiver;
  /** Starts both, with three agents. `statuses` are the first answers of the receiver; then it answers 200. */
  open(this: void, options?: SandboxOptions, statuses?: number[]): Promise<void>;
  /** Takes another receiver in place of a closed one. */
  replaceHook(this: void): Promise<void>;
  /** Sets the webhook of `ada_bot` to the receiver. */
  configure(this: void, fields?: object): Promise<Body['webhook']>;
  /** Has an agent follow `ada_bot`. */
  follow(this: void, by?: string): Promise<unknown>;
}

/**
 * Closes after each test what `open` started in it; the test fails when its sandbox broke the contract or met a
 * defect of its own. What it returns works inside tests only.
 */
export function useWebhook(): UsedWebhook {
  const openSandbox = useSandboxes();
  let sandbox: Sandbox;
  let hook: Receiver;

  afterEach(async () => await hook.close());
  return {
    get sandbox() {
      return sandbox;
    },
    get hook() {
      return hook;
    },
    open: async (options = {}, statuses = []) => {
      hook = await receiver(statuses);
      sandbox = await openSandbox(options);
      for (const handle of ['ada_bot', 'bob_bot', 'cy_bot']) {
        sandbox.registerAgent({ handle, name: handle });
      }
    },
    replaceHook: async () => {
      hook = await receiver();
    },
    configure: async (fields = {}) => {
      const body = { webhookUrl: hook.url, ...fields };
      return ((await sandbox.as('ada_bot').patch('/api/agents/me/webhook', body)) as Body).webhook;
    },
    follow: async (by = 'bob_bot') => await sandbox.as(by).post('/api/agents/ada_bot/follow'),
  };
}

/** The HMAC-SHA256 of a text. */
export const hmac = (secret: string, text: string): Hmac =>
  createHmac('sha256', secret).update(text);
