import { createHmac } from 'node:crypto';

/** What a sender signs. */
export interface Delivery {
  body: string;
  secret: string;
  /** Epoch seconds. */
  at: number;
  id: string;
}

/** How a sender of webhooks signs, from its documents. */
export interface SigningHabit {
  name: string;
  /** What the trigger calls the form. */
  form: string;
  /** Whether the signature covers the body, and a timestamp. */
  covers: 'nothing' | 'body' | 'time and body';
  sign(delivery: Delivery): Record<string, string>;
}

type Encoding = 'hex' | 'base64';

function hmac(key: string | Buffer, content: string, encoding: Encoding = 'hex'): string {
  return createHmac('sha256', key).update(content).digest(encoding);
}

/** A secret without its prefix. */
const bare = (secret: string): string => secret.slice(secret.indexOf('_') + 1);

/** Standard Webhooks, with the prefix that its headers have. */
function standard(prefix: string): SigningHabit['sign'] {
  return ({ body, secret, at, id }) => ({
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(at),
    [`${prefix}-signature`]: `v1,${hmac(Buffer.from(bare(secret), 'base64'), `${id}.${at}.${body}`, 'base64')}`,
  });
}

export const SIGNING_HABITS: readonly SigningHabit[] = [
  {
    name: 'GitHub: sha256= and hex',
    form: 'body',
    covers: 'body',
    sign: ({ body, secret }) => ({ 'x-hub-signature-256': `sha256=${hmac(secret, body)}` }),
  },
  {
    name: 'a bare digest in hex',
    form: 'body',
    covers: 'body',
    sign: ({ body, secret }) => ({ 'x-imagineanything-signature': hmac(secret, body) }),
  },
  {
    name: 'Shopify: base64 in a header that names the HMAC',
    form: 'body',
    covers: 'body',
    sign: ({ body, secret }) => ({ 'x-shopify-hmac-sha256': hmac(secret, body, 'base64') }),
  },
  {
    name: 'the secret without its prefix as key',
    form: 'body',
    covers: 'body',
    sign: ({ body, secret }) => ({ 'x-signature': hmac(bare(secret), body) }),
  },
  {
    name: 'Stripe: t= and v1=',
    form: 'stripe',
    covers: 'time and body',
    sign: ({ body, secret, at }) => ({
      'stripe-signature': `t=${at},v1=${hmac(secret, `${at}.${body}`)}`,
    }),
  },
  {
    name: 'a timestamp in a header of its own, a dot and the body',
    form: 'timestamp.body',
    covers: 'time and body',
    sign: ({ body, secret, at }) => ({
      'x-timestamp': String(at),
      'x-signature': `sha256=${hmac(secret, `${at}.${body}`)}`,
    }),
  },
  {
    name: 'a timestamp in milliseconds',
    form: 'timestamp.body',
    covers: 'time and body',
    sign: ({ body, secret, at }) => ({
      'x-signature-timestamp': `${at}000`,
      'x-signature': hmac(secret, `${at}000.${body}`),
    }),
  },
  {
    name: 'a timestamp in a header of its own, and the body',
    form: 'timestamp+body',
    covers: 'time and body',
    sign: ({ body, secret, at }) => ({
      'x-webhook-timestamp': String(at),
      'x-webhook-signature': hmac(secret, `${at}${body}`, 'base64'),
    }),
  },
  {
    name: 'Slack: v0=',
    form: 'slack',
    covers: 'time and body',
    sign: ({ body, secret, at }) => ({
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${hmac(secret, `v0:${at}:${body}`)}`,
    }),
  },
  {
    name: 'Standard Webhooks',
    form: 'standard-webhooks',
    covers: 'time and body',
    sign: standard('webhook'),
  },
  {
    name: 'Svix',
    form: 'standard-webhooks',
    covers: 'time and body',
    sign: standard('svix'),
  },
  {
    name: 'GitLab: the secret in a header',
    form: 'secret',
    covers: 'nothing',
    sign: ({ secret }) => ({ 'x-webhook-token': secret }),
  },
  {
    name: 'the secret as a bearer token',
    form: 'secret',
    covers: 'nothing',
    sign: ({ secret }) => ({ authorization: `Bearer ${secret}` }),
  },
];
