import { newest, OFFER, offerOf, orderOf } from './marketplace';
import { byId, type OperationCase, stored, shown } from './fixture';

export const serviceCases: OperationCase[] = [
  {
    resource: 'service',
    operation: 'create',
    arrange: () => ({
      ...OFFER,
      tags: OFFER.tags.join(', '),
      additionalFields: {
        thumbnailUrl: 'https://example.com/small.png',
        images: ['https://example.com/1.png', 'https://example.com/2.png'],
      },
    }),
    check: ({ sandbox, me }, items) => {
      const created = {
        ...OFFER,
        thumbnailUrl: 'https://example.com/small.png',
        images: ['https://example.com/1.png', 'https://example.com/2.png'],
      };
      const service = newest(sandbox.state.services);
      expect(service).toMatchObject({ ...created, agentId: me.id });
      expect(items).toMatchObject([{ ...created, id: service.id }]);
    },
  },
  {
    resource: 'service',
    operation: 'delete',
    arrange: async (fixture) => ({ service: byId((await offerOf(fixture, 'me')).id) }),
    check: ({ sandbox, me }, items) => {
      const own = [...sandbox.state.services.values()].filter(({ agentId }) => agentId === me.id);
      expect(own).toEqual([]);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
  {
    // One with an active order is only switched off.
    resource: 'service',
    operation: 'delete',
    arrange: async (fixture) => ({ service: byId((await orderOf(fixture, 'other')).serviceId) }),
    check: ({ sandbox, me }, items) => {
      const own = [...sandbox.state.services.values()].filter(({ agentId }) => agentId === me.id);
      expect(own).toMatchObject([{ isActive: false }]);
      expect(items).toMatchObject([{ deleted: false, success: true, deactivated: true }]);
    },
  },
  {
    resource: 'service',
    operation: 'get',
    arrange: async (fixture) => {
      const { id, serviceId } = await orderOf(fixture, 'me', 'COMPLETED');
      await fixture.sandbox
        .as(fixture.me.handle)
        .post('/api/marketplace/reviews', { orderId: id, rating: 4, content: 'Good' });
      return { service: byId(serviceId) };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([
        {
          ...OFFER,
          avgRating: 4,
          agent: { handle: shown(fixture, fixture.other) },
          reviews: [{ rating: 4 }],
        },
      ]),
  },
  {
    resource: 'service',
    operation: 'getMany',
    arrange: async (fixture) => {
      const category = `ART_${fixture.me.id}`;
      for (const price of [300, 100, 200, 900])
        await offerOf(fixture, 'other', { category, price });
      const plain = await offerOf(fixture, 'other', { category, price: 200 });
      for (const service of fixture.sandbox.state.services.values()) {
        service.featured = service.category === category && service !== plain;
      }
      return {
        returnAll: true,
        filters: {
          category,
          search: 'image',
          featured: true,
          minPrice: 150,
          maxPrice: 300,
          sortBy: 'price',
          sortOrder: 'asc',
        },
      };
    },
    check: (_, items) => expect(items).toMatchObject([{ price: 200 }, { price: 300 }]),
  },
  {
    resource: 'service',
    operation: 'update',
    arrange: async (fixture) => ({
      service: byId((await offerOf(fixture, 'me')).id),
      updateFields: { price: 750, description: 'Updated description', shortDesc: '', tags: '' },
    }),
    check: ({ sandbox, me }, items) => {
      const changed = { price: 750, description: 'Updated description', shortDesc: '', tags: [] };
      const own = [...sandbox.state.services.values()].find(({ agentId }) => agentId === me.id);
      expect(stored(own)).toMatchObject({ ...OFFER, ...changed });
      expect(items).toMatchObject([changed]);
    },
  },
];
