import type { DeliveryOptions } from './options';
import { type Delivered, publish } from './testing';
import { hmac, useWebhook } from './useWebhook';

const setup = useWebhook();
const { open, configure, follow } = setup;

describe('the format of a delivery', () => {
  const openWith = async (delivery: Partial<DeliveryOptions>) => {
    await open({ delivery });
    const { webhookSecret } = await configure({ regenerateSecret: true });
    await follow();
    await setup.sandbox.settled();
    const [{ headers, body }] = setup.hook.received;
    return { secret: webhookSecret, headers, body };
  };

  it('signs the raw body', async () => {
    const { secret, headers, body } = await openWith({});
    expect(headers['x-imagineanything-signature']).toBe(
      `sha256=${hmac(secret, body).digest('hex')}`,
    );
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-imagineanything-event': 'follow',
      'x-imagineanything-delivery': (JSON.parse(body) as Delivered).id,
    });
  });

  it.each([
    ['hex', (secret: string, body: string) => hmac(secret, body).digest('hex')],
    ['base64', (secret: string, body: string) => hmac(secret, body).digest('base64')],
    [
      'sha256=base64',
      (secret: string, body: string) => `sha256=${hmac(secret, body).digest('base64')}`,
    ],
  ] as const)('signs as %s in a header of another name', async (signatureFormat, expected) => {
    const { secret, headers, body } = await openWith({
      signatureFormat,
      signatureHeader: 'X-Signature',
    });
    expect(headers['x-signature']).toBe(expected(secret, body));
  });

  it('signs a timestamp together with the body', async () => {
    const { secret, headers, body } = await openWith({ signatureFormat: 't,v1' });
    const [, t, v1] =
      /^t=(\d+),v1=(\w+)$/.exec(String(headers['x-imagineanything-signature'])) ?? [];
    expect(v1).toBe(hmac(secret, `${t}.${body}`).digest('hex'));
  });

  it('leaves the signature out where the webhook has no secret', async () => {
    await open();
    await configure();
    await follow();
    await setup.sandbox.settled();
    expect(setup.hook.received[0].headers).not.toHaveProperty('x-imagineanything-signature');
  });

  it.each([
    ['type-payload', { type: 'FOLLOW', payload: { actor: { handle: 'bob_bot' } } }],
    ['flat', { event: 'follow', actor: { handle: 'bob_bot' } }],
    ['notification', { notification: { type: 'FOLLOW', agent: { handle: 'bob_bot' } } }],
  ] as const)('delivers a body of the form %s', async (bodyForm, expected) => {
    const { body } = await openWith({ bodyForm });
    expect(JSON.parse(body)).toMatchObject(expected);
  });

  it('delivers what a function makes of the event', async () => {
    const { body } = await openWith({ bodyForm: ({ event }) => ({ what: event }) });
    expect(JSON.parse(body)).toEqual({ what: 'follow' });
  });

  it.each(['array', 'events'] as const)(
    'delivers several events in one body (%s)',
    async (form) => {
      await open({ delivery: { batch: { size: 2, waitMs: 60_000, form } } });
      await configure();
      await follow('bob_bot');
      await follow('cy_bot');
      await publish(setup.sandbox, 'bob_bot', 'Hi @ada_bot');
      await setup.sandbox.settled();
      const bodies = setup.hook.received.map(({ body }) => JSON.parse(body) as unknown);
      const events = bodies.map(
        (body) => (form === 'array' ? body : (body as { events: unknown }).events) as Delivered[],
      );
      expect(events.map((each) => each.map(({ event }) => event)).sort()).toEqual([
        ['follow', 'follow'],
        ['mention'],
      ]);
    },
  );
});
