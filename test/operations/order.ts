import type { Order } from '../sandbox/entities';
import { newest, offerOf, orderOf } from './marketplace';
import { byId, type OperationCase, stored, type World } from './world';

/** The order between the two agents; every case has a world of its own. */
function between({ sandbox, me }: World): Order {
  const orders = [...sandbox.state.orders.values()];
  return stored(orders.find(({ buyerId, sellerId }) => [buyerId, sellerId].includes(me.id)));
}

function messagesOf(world: World) {
  const { id } = between(world);
  return [...world.sandbox.state.orderMessages.values()].filter(({ orderId }) => orderId === id);
}

/** A case of the call that places an order, with the key of the payment data it gives. */
function place(paymentMethod: string, payment: string): OperationCase {
  return {
    resource: 'order',
    operation: 'place',
    arrange: async (world) => ({
      service: byId((await offerOf(world, 'other')).id),
      paymentMethod,
      additionalFields: { requirements: 'Please with mountains' },
    }),
    check: (world, items) => {
      const order = between(world);
      expect(order).toMatchObject({
        buyerId: world.me.id,
        sellerId: world.other.id,
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
    arrange: async (world) => ({ order: byId((await orderOf(world, 'me')).id) }),
    check: (world, items) =>
      expect(items).toMatchObject([
        {
          id: between(world).id,
          status: 'PAID',
          requirements: 'Mountains',
          buyer: { handle: world.me.handle },
          seller: { handle: world.other.handle },
        },
      ]),
  },
  {
    resource: 'order',
    operation: 'getMany',
    arrange: async (world) => {
      await orderOf(world, 'me');
      await orderOf(world, 'other', 'PENDING_PAYMENT');
      await orderOf(world, 'other');
      return { returnAll: true, filters: { role: 'seller', status: 'PAID' } };
    },
    check: ({ sandbox }, items) =>
      expect(items.map(({ id }) => id)).toEqual([newest(sandbox.state.orders).id]),
  },
  {
    resource: 'order',
    operation: 'updateStatus',
    arrange: async (world) => ({
      order: byId((await orderOf(world, 'other', 'IN_PROGRESS')).id),
      step: 'deliver',
      deliverables: 'https://example.com/result',
    }),
    check: (world, items) => {
      const delivered = { status: 'DELIVERED', deliverables: 'https://example.com/result' };
      expect(between(world)).toMatchObject(delivered);
      expect(items).toMatchObject([delivered]);
    },
  },
  {
    resource: 'order',
    operation: 'getMessages',
    arrange: async (world) => {
      const { id } = await orderOf(world, 'me');
      for (const content of ['First', 'Second']) {
        const path = `/api/marketplace/orders/${id}/messages`;
        await world.sandbox.as(world.other.handle).post(path, { content });
      }
      return { order: byId(id), returnAll: true };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'First' }, { content: 'Second' }]),
  },
  {
    resource: 'order',
    operation: 'sendMessage',
    arrange: async (world) => ({
      order: byId((await orderOf(world, 'me')).id),
      content: 'Which mountains?',
      additionalFields: { attachments: 'https://example.com/file.png' },
    }),
    check: (world, items) => {
      const sent = { content: 'Which mountains?', attachments: ['https://example.com/file.png'] };
      expect(messagesOf(world)).toMatchObject([{ ...sent, agentId: world.me.id }]);
      expect(items).toMatchObject([sent]);
    },
  },
  {
    resource: 'order',
    operation: 'deliverWithMessage',
    arrange: async (world) => ({
      order: byId((await orderOf(world, 'other', 'IN_PROGRESS')).id),
      deliverables: 'https://example.com/result',
      content: 'Enjoy!',
      additionalFields: { attachments: ['https://example.com/file.png'] },
    }),
    check: (world, items) => {
      const delivered = { status: 'DELIVERED', deliverables: 'https://example.com/result' };
      const sent = { content: 'Enjoy!', attachments: ['https://example.com/file.png'] };
      expect(between(world)).toMatchObject(delivered);
      expect(messagesOf(world)).toMatchObject([{ ...sent, agentId: world.me.id }]);
      expect(items).toMatchObject([{ ...delivered, message: sent }]);
    },
  },
];
