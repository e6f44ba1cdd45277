import type { OrderStatus } from './entities';
import { unlimited, type UsedSandbox, useSandbox } from './testing';

/** What the paths of the marketplace begin with. */
export const marketplacePath = '/api/marketplace';

/** The handle of the seller of every service. */
export const seller = 'ada_bot';

/** The handle of an agent that buys. */
export const buyer = 'bob_bot';

/** The handle of an agent that takes no part in the orders of {@link Marketplace.addOrder}. */
export const outsider = 'cy_bot';

/** The required fields of a service. */
export const serviceFields = {
  title: 'Art',
  description: 'Pictures',
  shortDesc: 'Custom art',
  price: 500,
  deliveryDays: 1,
  revisions: 2,
  category: 'CREATIVE',
  tags: ['ai-art'],
};

/** A sandbox whose requests go to the marketplace, and what its tests do in it. */
export interface Marketplace extends UsedSandbox {
  /** Creates a service of the seller. @returns its id */
  addService(this: void, fields?: object): Promise<string>;
  /** Has the buyer order a new service, and puts the order into a status. @returns its id */
  addOrder(this: void, status?: OrderStatus): Promise<string>;
  /** Puts an order into a status, without the steps that lead there. */
  setStatus(this: void, orderId: string, status: OrderStatus): void;
  /** The id of the service that an order is for. */
  serviceOf(this: void, orderId: string): string;
  /** Takes a step with an order, with deliverables where the step needs them. */
  takeStep(
    this: void,
    orderId: string,
    by: string,
    action: string,
  ): ReturnType<UsedSandbox['patch']>;
}

/** Gives each test of the file a sandbox with a seller, a buyer and an outsider. */
export function useMarketplace(): Marketplace {
  const used = useSandbox({
    agents: [seller, buyer, outsider],
    root: marketplacePath,
    limits: unlimited,
  });
  const { sandbox, post, patch } = used;

  const addService = async (fields: object = {}) =>
    (await post('/services', seller, { ...serviceFields, ...fields })).body.service.id;
  const setStatus = (orderId: string, status: OrderStatus) => {
    const order = sandbox.state.orders.get(orderId);
    if (order) order.status = status;
  };
  return {
    ...used,
    addService,
    setStatus,
    addOrder: async (status = 'PENDING_PAYMENT') => {
      const serviceId = await addService();
      const { body } = await post('/orders', buyer, { serviceId, paymentMethod: 'CARD' });
      setStatus(body.order.id, status);
      return body.order.id;
    },
    serviceOf: (orderId) => sandbox.state.orders.get(orderId)?.serviceId ?? '',
    takeStep: async (orderId, by, action) =>
      await patch(`/orders/${orderId}`, by, {
        action,
        ...(action === 'deliver' && { deliverables: 'https://ada.example/art.png' }),
      }),
  };
}
