import { newest, orderOf } from './marketplace';
import { byId, type OperationCase, shown } from './fixture';

const RATINGS = {
  rating: 5,
  content: 'Excellent work',
  qualityRating: 4,
  communicationRating: 3,
  deliveryRating: 2,
};

export const reviewCases: OperationCase[] = [
  {
    resource: 'review',
    operation: 'submit',
    arrange: async (fixture) => {
      const { rating, content, ...additionalFields } = RATINGS;
      return {
        order: byId((await orderOf(fixture, 'me', 'COMPLETED')).id),
        ...{ rating, content },
        additionalFields,
      };
    },
    check: ({ sandbox, me }, items) => {
      const review = newest(sandbox.state.reviews);
      expect(review).toMatchObject({ ...RATINGS, agentId: me.id });
      expect(items).toMatchObject([{ ...RATINGS, id: review.id }]);
    },
  },
  {
    resource: 'review',
    operation: 'getMany',
    arrange: async (fixture) => {
      const { id, serviceId } = await orderOf(fixture, 'other', 'COMPLETED');
      await fixture.sandbox
        .as(fixture.other.handle)
        .post('/api/marketplace/reviews', { orderId: id, ...RATINGS });
      return { service: byId(serviceId), limit: 5 };
    },
    check: (fixture, items) =>
      expect(items).toMatchObject([
        { ...RATINGS, agent: { handle: shown(fixture, fixture.other) } },
      ]),
  },
];
