import { fetch } from 'undici';
import { startSandbox } from './server';
import type { OrderStatus } from './entities';
import { type Body, having, join, matching, send, unlimited, useSandbox } from './testing';

const market = '/api/marketplace';
/** Sells. */
const ada = 'ada_bot';
/** Buys. */
const bob = 'bob_bot';
/** Has nothing to do with it. */
const cy = 'cy_bot';
const { sandbox, get, post, patch, remove } = useSandbox({
  agents: [ada, bob, cy],
  root: market,
  limits: unlimited,
});

const offer = { title: 'Art', description: 'Pictures', price: 500, category: 'CREATIVE' };

async function offered(fields: object = {}): Promise<string> {
  return (await post('/services', ada, { ...offer, ...fields })).body.service.id;
}

/** An order of Bob's, moved straight to a state. */
async function ordered(status: OrderStatus = 'PENDING_PAYMENT'): Promise<string> {
  const serviceId = await offered();
  const { body } = await post('/orders', bob, { serviceId, paymentMethod: 'CARD' });
  move(body.order.id, status);
  return body.order.id;
}

function move(orderId: string, status: OrderStatus): void {
  const order = sandbox.state.orders.get(orderId);
  if (order) order.status = status;
}

const step = async (id: string, by: string, action: string) =>
  await patch(`/orders/${id}`, by, {
    action,
    ...(action === 'deliver' && { deliverables: 'https://ada.example/art.png' }),
  });

describe('services', () => {
  it('are offered with all that the reference names', async () => {
    const fields = {
      ...offer,
      shortDesc: 'Custom art',
      deliveryDays: 1,
      revisions: 2,
      tags: ['ai-art'],
      thumbnailUrl: 'https://ada.example/small.png',
      images: ['https://ada.example/1.png'],
    };
    const { status, body } = await post('/services', ada, fields);
    expect(status).toBe(201);
    expect(body.service).toMatchObject({
      ...fields,
      featured: false,
      isActive: true,
      avgRating: null,
      orderCount: 0,
      agent: { handle: 'ada_bot' },
    });
    const single = (await get(`/services/${body.service.id}`)).body.service;
    expect(single).toMatchObject({ ...fields, reviews: [], agent: { stats: { followers: 0 } } });
  });

  it('need title, description, price and category', async () => {
    for (const name of Object.keys(offer)) {
      const { status, body } = await post('/services', ada, { ...offer, [name]: undefined });
      expect([status, body.message]).toEqual([400, `${name}: is required`]);
    }
    expect((await post('/services', ada, { ...offer, price: 4.99 })).status).toBe(400);
    expect((await post('/services', ada, { ...offer, price: -1 })).status).toBe(400);
  });

  it('are found by category, text, price and being featured', async () => {
    const cheap = await offered({ title: 'Sketch', price: 100 });
    const dear = await offered({ description: 'Proofs', price: 1000, category: 'ANALYSIS' });
    const tagged = await offered({ tags: ['Sketching'], price: 500 });
    const featured = sandbox.state.services.get(dear);
    if (featured) featured.featured = true;
    const found = async (query: string) =>
      (await get(`/services?${query}`)).body.services.map(({ id }) => id);
    expect(await found('')).toEqual([tagged, dear, cheap]);
    expect(await found('category=ANALYSIS')).toEqual([dear]);
    expect(await found('search=SKETCH')).toEqual([tagged, cheap]);
    expect(await found('minPrice=100&maxPrice=500')).toEqual([tagged, cheap]);
    expect(await found('minPrice=101')).toEqual([tagged, dear]);
    expect(await found('featured=true')).toEqual([dear]);
    expect(await found('featured=false')).toEqual([tagged, cheap]);
    expect((await get('/services?featured=perhaps')).status).toBe(400);
  });

  it('come in every order, page by page', async () => {
    const ids = [];
    for (const price of [300, 100, 200]) ids.push(await offered({ price }));
    const [first, second, third] = ids;
    const sorted = async (query: string) => {
      const seen: string[] = [];
      let cursor: string | null = '';
      do {
        const more = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body }: { body: Body } = await get(`/services?limit=1&${query}${more}`);
        seen.push(...body.services.map(({ id }) => id));
        cursor = body.nextCursor;
      } while (cursor !== null);
      return seen;
    };
    expect(await sorted('')).toEqual([third, second, first]);
    expect(await sorted('sortBy=createdAt&sortOrder=asc')).toEqual([first, second, third]);
    expect(await sorted('sortBy=price')).toEqual([first, third, second]);
    expect(await sorted('sortBy=price&sortOrder=asc')).toEqual([second, third, first]);
    const { body } = await post('/orders', bob, { serviceId: second, paymentMethod: 'CARD' });
    move(body.order.id, 'COMPLETED');
    await post('/reviews', bob, { orderId: body.order.id, rating: 4 });
    expect((await sorted('sortBy=orderCount'))[0]).toBe(second);
    expect((await sorted('sortBy=avgRating'))[0]).toBe(second);
    expect((await get('/services?sortBy=title')).status).toBe(400);
  });

  it('are changed and deleted by their seller only', async () => {
    const id = await offered();
    expect((await patch(`/services/${id}`, bob, { price: 1 })).status).toBe(403);
    expect((await remove(`/services/${id}`, bob)).status).toBe(403);
    const { body } = await patch(`/services/${id}`, ada, { price: 750, tags: [] });
    expect(body.service).toMatchObject({ ...offer, price: 750, tags: [] });
    expect((await patch(`/services/${id}`, ada, {})).status).toBe(400);
    expect(await remove(`/services/${id}`, ada)).toMatchObject({ status: 204, text: '' });
    expect((await get(`/services/${id}`)).body.message).toBe(`Service not found: ${id}`);
    expect((await remove(`/services/${id}`, ada)).status).toBe(404);
  });

  it('with active orders are switched off instead of deleted', async () => {
    const orderId = await ordered('IN_PROGRESS');
    const serviceId = sandbox.state.orders.get(orderId)?.serviceId ?? '';
    expect(await remove(`/services/${serviceId}`, ada)).toMatchObject({
      status: 200,
      body: { success: true, deactivated: true },
    });
    expect((await get('/services')).body.services).toEqual([]);
    expect((await get(`/services/${serviceId}`)).body.service.isActive).toBe(false);
    const again = await post('/orders', cy, { serviceId, paymentMethod: 'CARD' });
    expect(again).toMatchObject({ status: 409, body: { error: 'service_inactive' } });
    move(orderId, 'COMPLETED');
    expect((await remove(`/services/${serviceId}`, ada)).status).toBe(204);
    const { order } = (await get(`/orders/${orderId}`, bob)).body;
    expect(order).toMatchObject({ serviceId, status: 'COMPLETED' });
    expect(order.service).toBeUndefined();
  });
});

describe('placing an order', () => {
  it.each(['CARD', 'CRYPTO_USDC', 'CRYPTO_USDP'])('by %s is paid at Stripe', async (method) => {
    const serviceId = await offered();
    const { status, body } = await post('/orders', bob, {
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
  });

  it('by Coinbase is paid at the address it gives', async () => {
    const serviceId = await offered();
    const { body } = await post('/orders', bob, { serviceId, paymentMethod: 'COINBASE' });
    expect(body.clientSecret).toBeUndefined();
    expect((await fetch(body.coinbaseCheckoutUrl)).status).toBe(200);
    expect((await get(`/orders/${body.order.id}`, bob)).body.order.status).toBe('PAID');
    const again = await fetch(body.coinbaseCheckoutUrl);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ error: 'wrong_order_status' });
  });

  it('keeps the price of its day', async () => {
    const orderId = await ordered();
    const serviceId = sandbox.state.orders.get(orderId)?.serviceId ?? '';
    await patch(`/services/${serviceId}`, ada, { price: 900 });
    const { order } = (await get(`/orders/${orderId}`, bob)).body;
    expect(order).toMatchObject({ price: 500, service: { price: 900 } });
  });

  it('needs a service of someone else, and a known way to pay', async () => {
    const serviceId = await offered();
    const place = async (by: string, body: object) => (await post('/orders', by, body)).status;
    expect(await place(ada, { serviceId, paymentMethod: 'CARD' })).toBe(403);
    expect(await place(bob, { serviceId: 'service_x', paymentMethod: 'CARD' })).toBe(404);
    expect(await place(bob, { serviceId, paymentMethod: 'CASH' })).toBe(400);
    expect(await place(bob, { serviceId })).toBe(400);
    expect(sandbox.state.orders.size).toBe(0);
  });

  it('answers bare as well', async () => {
    const bare = await startSandbox({ envelope: 'bare' });
    const [seller, buyer] = [join(bare, 'ada_bot'), join(bare, 'bob_bot')];
    const service = await send(bare, 'POST', `${market}/services`, { token: seller, body: offer });
    const placed = await send(bare, 'POST', `${market}/orders`, {
      token: buyer,
      body: { serviceId: service.body.id, paymentMethod: 'CARD' },
    });
    expect(placed.body).toMatchObject({
      id: matching(/^order_/),
      status: 'PENDING_PAYMENT',
      clientSecret: matching(/^pi_/),
    });
    const messages = await send(bare, 'GET', `${market}/orders/${placed.body.id}/messages`, {
      token: buyer,
    });
    expect(messages.body).toEqual([]);
    expect(bare.contractViolations).toEqual([]);
    await bare.close();
  });
});

describe('an order', () => {
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

  it.each(Object.entries(states))('that is %s takes only its steps', async (from, allowed) => {
    const id = await ordered();
    for (const action of actions) {
      move(id, from as OrderStatus);
      const [right, wrong] = sellerOnly.includes(action) ? [ada, bob] : [bob, ada];
      if (sellerOnly.includes(action) || buyerOnly.includes(action)) {
        expect((await step(id, wrong, action)).status).toBe(403);
      }
      expect((await step(id, cy, action)).status).toBe(403);
      expect(sandbox.state.orders.get(id)?.status).toBe(from);
      const { status, body } = await step(id, right, action);
      const to: string | undefined = (allowed as Record<string, string>)[action];
      if (to === undefined) expect([status, body.error]).toEqual([409, 'wrong_order_status']);
      else expect(body.order.status).toBe(to);
      expect(sandbox.state.orders.get(id)?.status).toBe(to ?? from);
    }
  });

  it.each(['dispute', 'cancel'])('can be taken by either side to %s', async (action) => {
    const id = await ordered();
    for (const by of [ada, bob]) {
      move(id, 'PAID');
      expect((await step(id, by, action)).status).toBe(200);
    }
  });

  it('is delivered with deliverables, which no other step has', async () => {
    const id = await ordered('IN_PROGRESS');
    const deliver = async (body: object) => await patch(`/orders/${id}`, ada, body);
    expect((await deliver({ action: 'deliver' })).body.message).toBe('deliverables: is required');
    expect((await deliver({ action: 'dispute', deliverables: 'x' })).status).toBe(400);
    expect((await deliver({ action: 'finish' })).status).toBe(400);
    const { order } = (await deliver({ action: 'deliver', deliverables: 'Here it is' })).body;
    expect(order).toMatchObject({ status: 'DELIVERED', deliverables: 'Here it is' });
  });

  it('is refunded by the staff after a dispute', async () => {
    const id = await ordered('DISPUTED');
    expect(sandbox.payments.refund(id).status).toBe('REFUNDED');
    expect(() => sandbox.payments.refund(id)).toThrow('The order is REFUNDED, not DISPUTED');
    expect(() => sandbox.payments.pay('order_x')).toThrow('Order not found: order_x');
  });

  it('is seen by its buyer and its seller', async () => {
    const id = await ordered();
    for (const by of [ada, bob]) expect((await get(`/orders/${id}`, by)).status).toBe(200);
    expect((await get(`/orders/${id}`, cy)).status).toBe(403);
    expect((await get('/orders/order_x', bob)).body.message).toBe('Order not found: order_x');
  });

  it('is listed by role and status, newest first', async () => {
    const paid = await ordered('PAID');
    const done = await ordered('COMPLETED');
    const list = async (by: string, query = '') =>
      (await get(`/orders?${query}`, by)).body.orders.map(({ id }) => id);
    expect(await list(bob)).toEqual([done, paid]);
    expect(await list(bob, 'role=all&limit=1')).toEqual([done]);
    expect(await list(bob, 'role=buyer&status=PAID')).toEqual([paid]);
    expect(await list(bob, 'role=seller')).toEqual([]);
    expect(await list(ada, 'role=seller&status=COMPLETED')).toEqual([done]);
    expect(await list(cy)).toEqual([]);
    expect((await get('/orders?status=LOST', bob)).status).toBe(400);
  });

  it('has messages of its two sides, oldest first', async () => {
    const path = `/orders/${await ordered()}/messages`;
    const attachments = ['https://bob.example/wish.png'];
    const sent = await post(path, bob, { content: 'Mountains?', attachments });
    expect(sent.status).toBe(201);
    expect(sent.body.message).toMatchObject({ content: 'Mountains?', attachments });
    await post(path, ada, { content: 'Gladly' });
    expect((await get(path, ada)).body.messages).toEqual([
      having({ content: 'Mountains?', attachments, sender: having({ handle: 'bob_bot' }) }),
      having({ content: 'Gladly', attachments: [], sender: having({ handle: 'ada_bot' }) }),
    ]);
    expect((await post(path, cy, { content: 'Hi' })).status).toBe(403);
    expect((await get(path, cy)).status).toBe(403);
    expect((await post(path, bob, { content: 'a'.repeat(5000) })).status).toBe(201);
    expect((await post(path, bob, { content: 'a'.repeat(5001) })).status).toBe(400);
    expect((await post(path, bob, { content: ' ' })).status).toBe(400);
    expect((await post(path, bob, { content: 'x', attachments: ['file.png'] })).status).toBe(400);
  });
});

describe('reviews', () => {
  it('are the buyer’s, of completed orders, once each', async () => {
    const orderId = await ordered('DELIVERED');
    const review = { orderId, rating: 5, content: 'Good', qualityRating: 4 };
    expect((await post('/reviews', bob, review)).body.error).toBe('order_not_completed');
    move(orderId, 'COMPLETED');
    expect((await post('/reviews', ada, review)).status).toBe(403);
    expect((await post('/reviews', cy, review)).status).toBe(403);
    expect((await post('/reviews', bob, { ...review, orderId: 'order_x' })).status).toBe(404);
    const { status, body } = await post('/reviews', bob, review);
    expect(status).toBe(201);
    expect(body.review).toMatchObject({
      ...review,
      communicationRating: null,
      deliveryRating: null,
      agent: { handle: 'bob_bot' },
    });
    expect(await post('/reviews', bob, review)).toMatchObject({
      status: 409,
      body: { error: 'already_reviewed' },
    });
    expect(sandbox.state.reviews.size).toBe(1);
  });

  it.each(['rating', 'qualityRating', 'communicationRating', 'deliveryRating'])(
    'have a %s from 1 to 5',
    async (field) => {
      const orderId = await ordered('COMPLETED');
      for (const wrong of [0, 6, 4.5, '5']) {
        const { status } = await post('/reviews', bob, { orderId, rating: 3, [field]: wrong });
        expect(status).toBe(400);
      }
      expect((await post('/reviews', bob, { orderId, rating: 3, [field]: 1 })).status).toBe(201);
    },
  );

  it('make the rating of their service', async () => {
    const first = await ordered('COMPLETED');
    const serviceId = sandbox.state.orders.get(first)?.serviceId ?? '';
    const { order } = (await post('/orders', cy, { serviceId, paymentMethod: 'CARD' })).body;
    move(order.id, 'COMPLETED');
    await post('/reviews', bob, { orderId: first, rating: 5 });
    await post('/reviews', cy, { orderId: order.id, rating: 2, content: 'Late' });
    const { service } = (await get(`/services/${serviceId}`)).body;
    expect(service).toMatchObject({
      avgRating: 3.5,
      orderCount: 2,
      reviews: [{ rating: 2, content: 'Late' }, { rating: 5 }],
    });
    const page = (await get(`/reviews?serviceId=${serviceId}&limit=1`)).body;
    expect(page.reviews).toMatchObject([{ rating: 2 }]);
    const cursor = page.nextCursor ?? '';
    const rest = (await get(`/reviews?serviceId=${serviceId}&cursor=${cursor}`)).body;
    expect(rest.reviews).toMatchObject([{ rating: 5 }]);
    expect((await get('/reviews')).status).toBe(400);
    expect((await get('/reviews?serviceId=service_x')).status).toBe(404);
  });

  it('outlive their service', async () => {
    const orderId = await ordered('COMPLETED');
    const serviceId = sandbox.state.orders.get(orderId)?.serviceId ?? '';
    await post('/reviews', bob, { orderId, rating: 5 });
    expect((await remove(`/services/${serviceId}`, ada)).status).toBe(204);
    const { status, body } = await get(`/reviews?serviceId=${serviceId}`);
    expect([status, body.reviews]).toEqual([200, [having({ orderId, rating: 5 })]]);
  });
});

describe('payouts', () => {
  const earn = async () => {
    await step(await ordered('DELIVERED'), bob, 'accept');
    return [...sandbox.state.payouts.keys()].at(-1) ?? '';
  };

  it('are owed to the seller when an order completes', async () => {
    const payoutId = await earn();
    await earn();
    const { payouts, summary } = (await get('/payouts', ada)).body;
    expect(payouts).toHaveLength(2);
    expect(payouts[1]).toMatchObject({ id: payoutId, amount: 500, status: 'PENDING' });
    expect(summary).toEqual({ pending: 1000, processing: 0, completed: 0 });
    expect((await get('/payouts', bob)).body.payouts).toEqual([]);
  });

  it('are requested once the account is complete', async () => {
    const payoutId = await earn();
    const request = async (by = ada) => await post('/payouts', by, { payoutId });
    expect((await fetch(`${sandbox.url}/payout/${payoutId}`)).status).toBe(409);
    expect(await request()).toMatchObject({
      status: 403,
      body: { error: 'onboarding_incomplete' },
    });
    await post('/connect', ada);
    expect((await request()).status).toBe(403);
    sandbox.payments.onboard('ada_bot');
    expect((await request(bob)).status).toBe(403);
    expect((await post('/payouts', ada, { payoutId: 'payout_x' })).status).toBe(404);
    const { status, body } = await request();
    expect([status, body.payout.status]).toEqual([201, 'PROCESSING']);
    expect(await request()).toMatchObject({
      status: 409,
      body: { error: 'payout_already_requested' },
    });
    const arrive = async (id: string) => (await fetch(`${sandbox.url}/payout/${id}`)).status;
    expect(await arrive(payoutId)).toBe(200);
    expect(await arrive(payoutId)).toBe(409);
    expect(await arrive('payout_x')).toBe(404);
    expect(() => sandbox.payments.payOut(payoutId)).toThrow('The payout is COMPLETED');
    expect(() => sandbox.payments.payOut('payout_x')).toThrow('Payout not found: payout_x');
    const { payouts, summary } = (await get('/payouts?status=PENDING', ada)).body;
    expect([payouts, summary.completed]).toEqual([[], 500]);
  });
});

describe('the payment account', () => {
  it('is set up, and completed at the address it gives', async () => {
    const none = { accountId: null, chargesEnabled: false, payoutsEnabled: false };
    expect((await get('/connect', ada)).body).toEqual(none);
    expect(() => sandbox.payments.onboard('ada_bot')).toThrow('Payment account not found: ada_bot');
    const first = await post('/connect', ada);
    expect(first.status).toBe(201);
    const wallet = { preferCrypto: true, cryptoWalletAddress: '0x01' };
    const second = await post('/connect', ada, wallet);
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect([...sandbox.state.paymentAccounts.values()]).toMatchObject([wallet]);
    expect((await get('/connect', ada)).body).toMatchObject({ payoutsEnabled: false });
    expect((await fetch(first.body.onboardingUrl)).status).toBe(200);
    expect((await get('/connect', ada)).body).toMatchObject({
      accountId: matching(/^acct_/),
      chargesEnabled: true,
      payoutsEnabled: true,
    });
    expect((await get('/connect', bob)).body).toEqual(none);
    expect((await fetch(`${sandbox.url}/onboarding/acct_x`)).status).toBe(404);
  });
});
