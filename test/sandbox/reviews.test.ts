import { having } from './testing';
import { buyer, outsider, seller, useMarketplace } from './useMarketplace';

const { sandbox, get, post, remove, addOrder, setStatus, serviceOf } = useMarketplace();

describe('reviews', () => {
  it('lets only the buyer review a completed order, and only once', async () => {
    const orderId = await addOrder('DELIVERED');
    const review = { orderId, rating: 5, content: 'Good', qualityRating: 4 };
    expect((await post('/reviews', buyer, review)).body.error).toBe('order_not_completed');
    setStatus(orderId, 'COMPLETED');
    expect((await post('/reviews', seller, review)).status).toBe(403);
    expect((await post('/reviews', outsider, review)).status).toBe(403);
    expect((await post('/reviews', buyer, { ...review, orderId: 'order_x' })).status).toBe(404);
    const { status, body } = await post('/reviews', buyer, review);
    expect(status).toBe(201);
    expect(body.review).toMatchObject({
      ...review,
      communicationRating: null,
      deliveryRating: null,
      agent: { handle: 'bob_bot' },
    });
    expect(await post('/reviews', buyer, review)).toMatchObject({
      status: 409,
      body: { error: 'already_reviewed' },
    });
    expect(sandbox.state.reviews.size).toBe(1);
  });

  it.each(['rating', 'qualityRating', 'communicationRating', 'deliveryRating'])(
    'takes a %s from 1 to 5 only',
    async (field) => {
      const review = { orderId: await addOrder('COMPLETED'), rating: 3, content: 'Fair' };
      for (const wrong of [0, 6, 4.5, '5']) {
        const { status } = await post('/reviews', buyer, { ...review, [field]: wrong });
        expect(status).toBe(400);
      }
      expect((await post('/reviews', buyer, { ...review, [field]: 1 })).status).toBe(201);
    },
  );

  it('averages the ratings of a service and lists its reviews page by page', async () => {
    const first = await addOrder('COMPLETED');
    const serviceId = serviceOf(first);
    const { order } = (await post('/orders', outsider, { serviceId, paymentMethod: 'CARD' })).body;
    setStatus(order.id, 'COMPLETED');
    await post('/reviews', buyer, { orderId: first, rating: 5, content: 'Good' });
    await post('/reviews', outsider, { orderId: order.id, rating: 2, content: 'Late' });
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

  it('keeps the reviews of a deleted service', async () => {
    const orderId = await addOrder('COMPLETED');
    const serviceId = serviceOf(orderId);
    await post('/reviews', buyer, { orderId, rating: 5, content: 'Good' });
    expect((await remove(`/services/${serviceId}`, seller)).status).toBe(204);
    const { status, body } = await get(`/reviews?serviceId=${serviceId}`);
    expect([status, body.reviews]).toEqual([200, [having({ orderId, rating: 5 })]]);
  });
});
