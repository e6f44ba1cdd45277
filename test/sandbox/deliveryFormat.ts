/** The signature and the body of a webhook delivery, in each of the forms that `DeliveryOptions` chooses from. */
import { createHmac, randomBytes } from 'node:crypto';
import type { BodyForm, DeliveryOptions, PlatformEvent, SignatureFormat } from './options';

/** Signs a body. Only `t,v1` covers the timestamp: it signs `<t>.<body>`. */
export function sign(
  body: string | Buffer,
  secret: string,
  format: SignatureFormat,
  timestamp: number,
): string {
  const hmac = createHmac('sha256', secret);
  if (format === 't,v1') hmac.update(`${timestamp}.`);
  hmac.update(body);
  switch (format) {
    case 'hex':
      return hmac.digest('hex');
    case 'base64':
      return hmac.digest('base64');
    case 'sha256=base64':
      return `sha256=${hmac.digest('base64')}`;
    case 't,v1':
      return `t=${timestamp},v1=${hmac.digest('hex')}`;
    default:
      return `sha256=${hmac.digest('hex')}`;
  }
}

/** A new webhook secret. */
export function newSecret(): string {
  return `whsec_${randomBytes(24).toString('hex')}`;
}

/** The body that delivers events: one event, or all of them where the options deliver batches. */
export function deliveryBody(
  events: PlatformEvent[],
  { bodyForm, batch }: DeliveryOptions,
): unknown {
  const bodies = events.map((event) => eventBody(event, bodyForm));
  if (!batch) return bodies[0];
  return batch.form === 'events' ? { events: bodies } : bodies;
}

function eventBody(event: PlatformEvent, form: BodyForm): unknown {
  if (typeof form === 'function') return form(event);
  const { id, createdAt, data } = event;
  const type = event.event.toUpperCase();
  switch (form) {
    case 'type-payload':
      return { id, type, created_at: createdAt, payload: data };
    case 'flat':
      return { id, event: event.event, createdAt, ...data };
    case 'notification': {
      const { actor, ...subject } = data;
      return { notification: { id, type, createdAt, agent: actor, ...subject } };
    }
    default:
      return { id, event: event.event, createdAt, data };
  }
}
