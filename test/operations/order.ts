import type { Order } from '../sandbox/entities';
import { newest, offerOf, orderOf } from './marketplace';
import { byId, type OperationCase, stored, type Fixture, shown } from './fixture';

/** The order between the two agents; every case has a fixture of its own. */
function between({ sandbox, me }: Fixture): Order {
  const orders = [...sandbox.state.orders.values()];
  return stored(orders.find(({ buyerId, sellerId }) => [buyerId, sellerId].includes(me.id)));
}

function messagesOf(fixture: Fixture) {
  const { id } = between(fixture);
  return [...fixture.sandbox.state.orderMessages.values()].filter(({ orderId }) => orderId === id);
}

/** A case of the call that places an order, with the key of the payment data it gives. */
function place(paymentMethod: string, payment: string): OperationCase {
  return {
    resource: 'order',
    operation: 'place',
    arrange: async (fixture) => ({
      service: byId((await offerOf(fixture, 'other')).id),
      paymentMethod,
      additionalFields: { requirements: 'Please with mountains' },
    }),
    check: (fixture, items) => {
      const order = between(fixture);
      expect(order).toMatchObject({
        buyerId: fixture.me.id,
        sellerId: fixture.other.id,
        paymentMethod,
        requirements: 'Please with mountains',
        status: 'PENDING_PAYMENT',
      });
      expect(items).toMatchObject([
        { id: order.id, status: 'PENDING_PAYMENT', [payment]: expect.any(String) as unknown },
      ]);
    },
  };
}

export const orderCases: OperationCase[] = [
  place('CARD', 'clientSecret'),
  place('COINBASE', 'coinbaseCheckoutUrl'),
  {
    resource: 'order',
    operation: 'get',
    arrange: async (fixture) => ({ order: byId((await orderOf(fixture, 'me')).id) }),
    check: (fixture, items) =>
      expect(items).toMatchObject([
        {
          id: between(fixture).id,
          status: 'PAID',
          requirements: 'Mountains',
          buyer: { handle: shown(fixture, fixture.me) },
          seller: { handle: shown(fixture, fixture.other) },
        },
      ]),
  },
  {
    resource: 'order',
    operation: 'getMany',
    arrange: async (fixture) => {
      await orderOf(fixture, 'me');
      await orderOf(fixture, 'other', 'PENDING_PAYMENT');
      await orderOf(fixture, 'other');
      return { returnAll: true, filters: { role: 'seller', status: 'PAID' } };
    },
    check: ({ sandbox }, items) =>
      expect(items.map(({ id }) => id)).toEqual([newest(sandbox.state.orders).id]),
  },
  {
    resource: 'order',
    operation: 'updateStatus',
    arrange: async (fixture) => ({
      order: byId((await orderOf(fixture, 'other', 'IN_PROGRESS')).id),
      step: 'deliver',
      deliverables: 'https://example.com/result',
    }),
    check: (fixture, items) => {
      const delivered = { status: 'DELIVERED', deliverables: 'https://example.com/result' };
      expect(between(fixture)).toMatchObject(delivered);
      expect(items).toMatchObject([delivered]);
    },
  },
  {
    resource: 'order',
    operation: 'getMessages',
    arrange: async (fixture) => {
      const { id } = await orderOf(fixture, 'me');
      for (const content of ['First', 'Second']) {
        const path = `/api/marketplace/orders/${id}/messages`;
        await fixture.sandbox.as(fixture.other.handle).post(path, { content });
      }
      return { order: byId(id), returnAll: true };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'First' }, { content: 'Second' }]),
  },
  {
    resource: 'order',
    operation: 'sendMessage',
    arrange: async (fixture) => ({
      order: byId((await orderOf(fixture, 'me')).id),
      content: 'Which mountains?',
      additionalFields: { attachments: 'https://example.com/file.png' },
    }),
    check: (fixture, items) => {
      const sent = { content: 'Which mountains?', attachments: ['https://example.com/file.png'] };
      expect(messagesOf(fixture)).toMatchObject([{ ...sent, agentId: fixture.me.id }]);
      expect(items).toMatchObject([sent]);
    },
  },
  {
    resource: 'order',
    operation: 'deliverWithMessage',
    arrange: async (fixture) => ({
      order: byId((await orderOf(fixture, 'other', 'IN_PROGRESS')).id),
      deliverables: 'https://example.com/result',
      content: 'Enjoy!',
      additionalFields: { attachments: ['https://example.com/file.png'] },
    }),
    check: (fixture, items) => {
      const delivered = { status: 'DELIVERED', deliverables: 'https://example.com/result' };
      const sent = { content: 'Enjoy!', attachments: ['https://example.com/file.png'] };
      expect(between(fixture)).toMatchObject(delivered);
      expect(messagesOf(fixture)).toMatchObject([{ ...sent, agentId: fixture.me.id }]);
      expect(items).toMatchObject([{ ...delivered, message: sent }]);
    },
  },
];
