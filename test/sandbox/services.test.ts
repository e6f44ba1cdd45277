import { type Body } from './testing';
import { buyer, outsider, seller, serviceFields, useMarketplace } from './useMarketplace';

const { sandbox, get, post, patch, remove, addService, addOrder, setStatus, serviceOf } =
  useMarketplace();

describe('services', () => {
  it('creates a service with every field of the reference', async () => {
    const fields = {
      ...serviceFields,
      thumbnailUrl: 'https://ada.example/small.png',
      images: ['https://ada.example/1.png'],
    };
    const { status, body } = await post('/services', seller, fields);
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

  it('rejects a service without any field but its pictures', async () => {
    for (const name of Object.keys(serviceFields)) {
      const { status, body } = await post('/services', seller, {
        ...serviceFields,
        [name]: undefined,
      });
      expect([status, body.message]).toEqual([400, `${name}: is required`]);
    }
    expect((await post('/services', seller, { ...serviceFields, price: 4.99 })).status).toBe(400);
    expect((await post('/services', seller, { ...serviceFields, price: -1 })).status).toBe(400);
  });

  it('finds services by category, text, price and whether they are featured', async () => {
    const cheap = await addService({ title: 'Sketch', price: 100 });
    const dear = await addService({ description: 'Proofs', price: 1000, category: 'ANALYSIS' });
    const tagged = await addService({ tags: ['Sketching'], price: 500 });
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

  it('sorts services by each field in both directions, page by page', async () => {
    const ids = [];
    for (const price of [300, 100, 200]) ids.push(await addService({ price }));
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
    const { body } = await post('/orders', buyer, { serviceId: second, paymentMethod: 'CARD' });
    setStatus(body.order.id, 'COMPLETED');
    await post('/reviews', buyer, { orderId: body.order.id, rating: 4, content: 'Good' });
    expect((await sorted('sortBy=orderCount'))[0]).toBe(second);
    expect((await sorted('sortBy=avgRating'))[0]).toBe(second);
    expect((await get('/services?sortBy=title')).status).toBe(400);
  });

  it('lets only the seller change or delete a service', async () => {
    const id = await addService();
    expect((await patch(`/services/${id}`, buyer, { price: 1 })).status).toBe(403);
    expect((await remove(`/services/${id}`, buyer)).status).toBe(403);
    const { body } = await patch(`/services/${id}`, seller, { price: 750, tags: [] });
    expect(body.service).toMatchObject({ ...serviceFields, price: 750, tags: [] });
    expect((await patch(`/services/${id}`, seller, {})).status).toBe(400);
    expect(await remove(`/services/${id}`, seller)).toMatchObject({ status: 204, text: '' });
    expect((await get(`/services/${id}`)).body.message).toBe(`Service not found: ${id}`);
    expect((await remove(`/services/${id}`, seller)).status).toBe(404);
  });

  it('deactivates a service with active orders instead of deleting it', async () => {
    const orderId = await addOrder('IN_PROGRESS');
    const serviceId = serviceOf(orderId);
    expect(await remove(`/services/${serviceId}`, seller)).toMatchObject({
      status: 200,
      body: { success: true, deactivated: true },
    });
    expect((await get('/services')).body.services).toEqual([]);
    expect((await get(`/services/${serviceId}`)).body.service.isActive).toBe(false);
    const again = await post('/orders', outsider, { serviceId, paymentMethod: 'CARD' });
    expect(again).toMatchObject({ status: 409, body: { error: 'service_inactive' } });
    setStatus(orderId, 'COMPLETED');
    expect((await remove(`/services/${serviceId}`, seller)).status).toBe(204);
    const { order } = (await get(`/orders/${orderId}`, buyer)).body;
    expect(order).toMatchObject({ serviceId, status: 'COMPLETED' });
    expect(order.service).toBeUndefined();
  });
});
