import { fetch } from 'undici';
import type { OrderStatus } from './entities';
import { having, join, matching, send, useSandboxes } from './testing';
import {
  buyer,
  marketplacePath,
  outsider,
  seller,
  serviceFields,
  useMarketplace,
} from './useMarketplace';

const { sandbox, get, post, patch, addService, addOrder, setStatus, serviceOf, takeStep } =
  useMarketplace();

describe('placing an order', () => {
  const open = useSandboxes();

  it.each(['CARD', 'CRYPTO_USDC', 'CRYPTO_USDP'])(
    'has an order by %s paid at Stripe',
    async (method) => {
      const serviceId = await addService();
      const { status, body } = await post('/orders', buyer, {
        serviceId,
        requirements: 'Mountains',
        paymentMethod: method,
      });
      expect(status).toBe(201);
      expect(body).toMatchObject({
        order: {
          status: 'PENDING_PAYMENT',
          price: 500,
          paymentMethod: method,
          requirements: 'Mountains',
          deliverables: null,
          serviceId,
          service: { title: 'Art' },
          buyer: { handle: 'bob_bot' },
          seller: { handle: 'ada_bot' },
        },
        clientSecret: matching(/^pi_\w+_secret_\w+$/),
      });
      expect(body.coinbaseCheckoutUrl).toBeUndefined();
      expect((await fetch(`${sandbox.url}/checkout/${body.order.id}`)).status).toBe(200);
      expect(sandbox.state.orders.get(body.order.id)?.status).toBe('PAID');
    },
  );

  it('has an order by Coinbase paid at the address in the answer', async () => {
    const serviceId = await addService();
    const { body } = await post('/orders', buyer, { serviceId, paymentMethod: 'COINBASE' });
    expect(body.clientSecret).toBeUndefined();
    expect((await fetch(body.coinbaseCheckoutUrl)).status).toBe(200);
    expect((await get(`/orders/${body.order.id}`, buyer)).body.order.status).toBe('PAID');
    const again = await fetch(body.coinbaseCheckoutUrl);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ error: 'wrong_order_status' });
  });

  it('keeps the price of an order when the service changes its own', async () => {
    const orderId = await addOrder();
    const serviceId = serviceOf(orderId);
    await patch(`/services/${serviceId}`, seller, { price: 900 });
    const { order } = (await get(`/orders/${orderId}`, buyer)).body;
    expect(order).toMatchObject({ price: 500, service: { price: 900 } });
  });

  it("rejects an order of a service of one's own, of an unknown one, or by an unknown payment method", async () => {
    const serviceId = await addService();
    const place = async (by: string, body: object) => (await post('/orders', by, body)).status;
    expect(await place(seller, { serviceId, paymentMethod: 'CARD' })).toBe(403);
    expect(await place(buyer, { serviceId: 'service_x', paymentMethod: 'CARD' })).toBe(404);
    expect(await place(buyer, { serviceId, paymentMethod: 'CASH' })).toBe(400);
    expect(await place(buyer, { serviceId })).toBe(400);
    expect(sandbox.state.orders.size).toBe(0);
  });

  it('answers with bare objects where the instance has no envelopes', async () => {
    const bare = await open({ envelope: 'bare' });
    const [sellerToken, buyerToken] = [join(bare, seller), join(bare, buyer)];
    const service = await send(bare, 'POST', `${marketplacePath}/services`, {
      token: sellerToken,
      body: serviceFields,
    });
    const placed = await send(bare, 'POST', `${marketplacePath}/orders`, {
      token: buyerToken,
      body: { serviceId: service.body.id, paymentMethod: 'CARD' },
    });
    expect(placed.body).toMatchObject({
      id: matching(/^order_/),
      status: 'PENDING_PAYMENT',
      clientSecret: matching(/^pi_/),
    });
    const messages = await send(
      bare,
      'GET',
      `${marketplacePath}/orders/${placed.body.id}/messages`,
      {
        token: buyerToken,
      },
    );
    expect(messages.body).toEqual([]);
  });
});

describe('orders', () => {
  const actions = ['start', 'deliver', 'accept', 'request_revision', 'dispute', 'cancel'];
  const states = {
    PENDING_PAYMENT: { cancel: 'CANCELLED' },
    PAID: { start: 'IN_PROGRESS', dispute: 'DISPUTED', cancel: 'CANCELLED' },
    IN_PROGRESS: { deliver: 'DELIVERED', dispute: 'DISPUTED' },
    DELIVERED: { accept: 'COMPLETED', request_revision: 'REVISION', dispute: 'DISPUTED' },
    REVISION: { deliver: 'DELIVERED', dispute: 'DISPUTED' },
    COMPLETED: {},
    CANCELLED: {},
    DISPUTED: {},
    REFUNDED: {},
  } as const satisfies Record<OrderStatus, Record<string, OrderStatus>>;
  const sellerOnly = ['start', 'deliver'];
  const buyerOnly = ['accept', 'request_revision'];

  it.each(Object.entries(states))(
    'lets an order that is %s take only the steps of that status',
    async (from, allowed) => {
      const id = await addOrder();
      for (const action of actions) {
        setStatus(id, from as OrderStatus);
        const [right, wrong] = sellerOnly.includes(action) ? [seller, buyer] : [buyer, seller];
        if (sellerOnly.includes(action) || buyerOnly.includes(action)) {
          expect((await takeStep(id, wrong, action)).status).toBe(403);
        }
        expect((await takeStep(id, outsider, action)).status).toBe(403);
        expect(sandbox.state.orders.get(id)?.status).toBe(from);
        const { status, body } = await takeStep(id, right, action);
        const to: string | undefined = (allowed as Record<string, string>)[action];
        if (to === undefined) expect([status, body.error]).toEqual([409, 'wrong_order_status']);
        else expect(body.order.status).toBe(to);
        expect(sandbox.state.orders.get(id)?.status).toBe(to ?? from);
      }
    },
  );

  it.each(['dispute', 'cancel'])('lets either side take an order to %s', async (action) => {
    const id = await addOrder();
    for (const by of [seller, buyer]) {
      setStatus(id, 'PAID');
      expect((await takeStep(id, by, action)).status).toBe(200);
    }
  });

  it('requires deliverables to deliver an order, and rejects them on other steps', async () => {
    const id = await addOrder('IN_PROGRESS');
    const deliver = async (body: object) => await patch(`/orders/${id}`, seller, body);
    expect((await deliver({ action: 'deliver' })).body.message).toBe('deliverables: is required');
    expect((await deliver({ action: 'dispute', deliverables: 'x' })).status).toBe(400);
    expect((await deliver({ action: 'finish' })).status).toBe(400);
    const { order } = (await deliver({ action: 'deliver', deliverables: 'Here it is' })).body;
    expect(order).toMatchObject({ status: 'DELIVERED', deliverables: 'Here it is' });
  });

  it('refunds only a disputed order', async () => {
    const id = await addOrder('DISPUTED');
    expect(sandbox.payments.refund(id).status).toBe('REFUNDED');
    expect(() => sandbox.payments.refund(id)).toThrow('The order is REFUNDED, not DISPUTED');
    expect(() => sandbox.payments.pay('order_x')).toThrow('Order not found: order_x');
  });

  it('shows an order to its buyer and its seller only', async () => {
    const id = await addOrder();
    for (const by of [seller, buyer]) expect((await get(`/orders/${id}`, by)).status).toBe(200);
    expect((await get(`/orders/${id}`, outsider)).status).toBe(403);
    expect((await get('/orders/order_x', buyer)).body.message).toBe('Order not found: order_x');
  });

  it('lists orders by role and status, newest first', async () => {
    const paid = await addOrder('PAID');
    const done = await addOrder('COMPLETED');
    const list = async (by: string, query = '') =>
      (await get(`/orders?${query}`, by)).body.orders.map(({ id }) => id);
    expect(await list(buyer)).toEqual([done, paid]);
    expect(await list(buyer, 'role=all&limit=1')).toEqual([done]);
    expect(await list(buyer, 'role=buyer&status=PAID')).toEqual([paid]);
    expect(await list(buyer, 'role=seller')).toEqual([]);
    expect(await list(seller, 'role=seller&status=COMPLETED')).toEqual([done]);
    expect(await list(outsider)).toEqual([]);
    expect((await get('/orders?status=LOST', buyer)).status).toBe(400);
  });

  it('lists the messages of both sides of an order, oldest first', async () => {
    const path = `/orders/${await addOrder()}/messages`;
    const attachments = ['https://bob.example/wish.png'];
    const sent = await post(path, buyer, { content: 'Mountains?', attachments });
    expect(sent.status).toBe(201);
    expect(sent.body.message).toMatchObject({ content: 'Mountains?', attachments });
    await post(path, seller, { content: 'Gladly' });
    expect((await get(path, seller)).body.messages).toEqual([
      having({ content: 'Mountains?', attachments, sender: having({ handle: 'bob_bot' }) }),
      having({ content: 'Gladly', attachments: [], sender: having({ handle: 'ada_bot' }) }),
    ]);
    expect((await post(path, outsider, { content: 'Hi' })).status).toBe(403);
    expect((await get(path, outsider)).status).toBe(403);
    expect((await post(path, buyer, { content: 'a'.repeat(5000) })).status).toBe(201);
    expect((await post(path, buyer, { content: 'a'.repeat(5001) })).status).toBe(400);
    expect((await post(path, buyer, { content: ' ' })).status).toBe(400);
    expect((await post(path, buyer, { content: 'x', attachments: ['file.png'] })).status).toBe(400);
  });
});
