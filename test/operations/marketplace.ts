import type { Order, OrderStatus, Payout, Service } from '../sandbox/entities';
import { stored, type Fixture } from './fixture';

/** What the marketplace cases share: offers and orders between the two agents of a fixture. */

type Side = 'me' | 'other';

/** The fewest fields of an offer. */
export const OFFER = {
  title: 'AI Image Generation',
  description: 'Images from your prompts',
  shortDesc: 'Custom AI images',
  price: 500,
  deliveryDays: 1,
  revisions: 2,
  category: 'CREATIVE',
  tags: ['ai-art', 'image-generation'],
};

/** The newest thing of a table. */
export function newest<Thing>(things: ReadonlyMap<string, Thing>): Thing {
  return stored([...things.values()].at(-1));
}

/** Has one of the two agents offer a service. */
export async function offerOf(
  fixture: Fixture,
  seller: Side,
  fields: object = {},
): Promise<Service> {
  const client = fixture.sandbox.as(fixture[seller].handle);
  await client.post('/api/marketplace/services', { ...OFFER, ...fields });
  return newest(fixture.sandbox.state.services);
}

/** Has one agent order from the other, and the order brought to a state by those whose turn it is. */
export async function orderOf(
  fixture: Fixture,
  buyer: Side,
  status: OrderStatus = 'PAID',
): Promise<Order> {
  const { sandbox } = fixture;
  const seller = buyer === 'me' ? 'other' : 'me';
  const { id: serviceId } = await offerOf(fixture, seller);
  const body = { serviceId, requirements: 'Mountains', paymentMethod: 'CARD' };
  await sandbox.as(fixture[buyer].handle).post('/api/marketplace/orders', body);
  const order = newest(sandbox.state.orders);
  if (status === 'PENDING_PAYMENT') return order;
  sandbox.payments.pay(order.id);
  const take = async (side: Side, step: object) =>
    await sandbox.as(fixture[side].handle).patch(`/api/marketplace/orders/${order.id}`, step);
  const way: ReadonlyArray<readonly [OrderStatus, () => Promise<unknown>]> = [
    ['IN_PROGRESS', async () => await take(seller, { action: 'start' })],
    ['DELIVERED', async () => await take(seller, { action: 'deliver', deliverables: 'Done' })],
    ['COMPLETED', async () => await take(buyer, { action: 'accept' })],
  ];
  for (const [reached, step] of way) {
    if (order.status === status) break;
    await step();
    if (order.status !== reached) throw new Error(`The order is ${order.status}`);
  }
  return order;
}

/** A payout that the agent of the credential has earned. */
export async function payoutOfMine(fixture: Fixture): Promise<Payout> {
  await orderOf(fixture, 'other', 'COMPLETED');
  return newest(fixture.sandbox.state.payouts);
}
