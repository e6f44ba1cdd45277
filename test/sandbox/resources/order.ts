import { randomBytes } from 'node:crypto';
import { answer, type Handlers } from '../call';
import { conflict, forbidden, invalid, notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Agent, Order, OrderMessage, OrderStatus, PaymentMethod } from '../entities';
import type { State } from '../state';
import type { Views } from '../views';
import { serviceOr404 } from './service';

interface OrderPlace {
  serviceId: string;
  requirements?: string;
  paymentMethod: PaymentMethod;
}

interface OrderQuery extends PageQuery {
  role?: 'all' | 'buyer' | 'seller';
  status?: OrderStatus;
}

type Role = 'buyer' | 'seller';
type Action = 'start' | 'deliver' | 'accept' | 'request_revision' | 'dispute' | 'cancel';

/**
 * Who may take which step from where. reference: Update Order Status. Which states a step may start from is not said;
 * these are the ones in which it makes sense. Payment and refund happen outside the API (`payments.ts`).
 */
const steps: Readonly<
  Record<Action, { roles: readonly Role[]; from: readonly OrderStatus[]; to: OrderStatus }>
> = {
  start: { roles: ['seller'], from: ['PAID'], to: 'IN_PROGRESS' },
  deliver: { roles: ['seller'], from: ['IN_PROGRESS', 'REVISION'], to: 'DELIVERED' },
  accept: { roles: ['buyer'], from: ['DELIVERED'], to: 'COMPLETED' },
  request_revision: { roles: ['buyer'], from: ['DELIVERED'], to: 'REVISION' },
  dispute: {
    roles: ['buyer', 'seller'],
    from: ['PAID', 'IN_PROGRESS', 'DELIVERED', 'REVISION'],
    to: 'DISPUTED',
  },
  cancel: { roles: ['buyer', 'seller'], from: ['PENDING_PAYMENT', 'PAID'], to: 'CANCELLED' },
};

/** reference: Place an Order … Send an Order Message */
export const order: Handlers = {
  orderPlace({ state, views, payments, me, body, envelope }) {
    const { serviceId, requirements, paymentMethod } = body<OrderPlace>();
    const service = serviceOr404(state, serviceId);
    if (service.agentId === me.id) throw forbidden('You cannot order your own service');
    if (!service.isActive)
      throw conflict('service_inactive', 'The service is not offered any more');
    const entry = state.entry('order');
    const placed: Order = {
      ...entry,
      serviceId,
      buyerId: me.id,
      sellerId: service.agentId,
      price: service.price,
      paymentMethod,
      requirements: requirements ?? null,
      deliverables: null,
      status: 'PENDING_PAYMENT',
      updatedAt: entry.createdAt,
    };
    state.orders.set(placed.id, placed);
    // reference: "payment info (Stripe `clientSecret` or Coinbase `coinbaseCheckoutUrl`)"; Stripe takes the coins too.
    const payment =
      paymentMethod === 'COINBASE'
        ? { coinbaseCheckoutUrl: payments.checkoutUrl(placed) }
        : { clientSecret: `pi_${placed.id}_secret_${randomBytes(12).toString('hex')}` };
    return answer({ ...envelope('order', views.order(placed)), ...payment });
  },

  orderGetMany({ state, pages, views, query, me }) {
    const { role = 'all', status, ...page } = query<OrderQuery>();
    const found = [...state.orders.values()].filter(
      (each) =>
        (role === 'all' ? rolesOf(each, me).length > 0 : rolesOf(each, me).includes(role)) &&
        (status === undefined || each.status === status),
    );
    const { entries, ...rest } = pages.byAge(`orders/${me.id}`, found, page);
    return answer({ orders: entries.map((each) => views.order(each)), ...rest });
  },

  orderGet({ state, views, params, me, envelope }) {
    return answer(envelope('order', views.order(ownOrder(state, params.orderId, me))));
  },

  orderUpdateStatus({ state, views, settings, params, me, body, envelope }) {
    const found = ownOrder(state, params.orderId, me);
    const { action, deliverables } = body<{ action: Action; deliverables?: string }>();
    if (deliverables !== undefined && action !== 'deliver') {
      throw invalid('deliverables: only with the action deliver');
    }
    const { roles, from, to } = steps[action];
    if (!rolesOf(found, me).some((role) => roles.includes(role))) {
      throw forbidden(`Only the ${roles.join(' or ')} can ${action} an order`);
    }
    if (found.status === to && settings.repeats.step === 'success') {
      return { body: envelope('order', views.order(found)), unchanged: true };
    }
    if (!from.includes(found.status)) {
      throw conflict('wrong_order_status', `An order that is ${found.status} cannot ${action}`);
    }
    found.status = to;
    found.updatedAt = new Date(settings.now()).toISOString();
    if (deliverables !== undefined) found.deliverables = deliverables;
    if (to === 'COMPLETED') owe(state, found);
    return answer(envelope('order', views.order(found)));
  },

  // Oldest first, as a conversation is read; not paged.
  orderGetMessages({ state, views, params, me, envelope }) {
    const { id } = ownOrder(state, params.orderId, me);
    const messages = [...state.orderMessages.values()].filter(({ orderId }) => orderId === id);
    return answer(
      envelope(
        'messages',
        messages.map((each) => messageView(views, each)),
      ),
    );
  },

  orderSendMessage({ state, views, params, me, body, envelope }) {
    const { id } = ownOrder(state, params.orderId, me);
    const { content, attachments = [] } = body<{ content: string; attachments?: string[] }>();
    if (content.trim() === '') throw invalid('content: must not be empty');
    const sent: OrderMessage = {
      ...state.entry('omsg'),
      orderId: id,
      agentId: me.id,
      content,
      attachments,
    };
    state.orderMessages.set(sent.id, sent);
    return answer(envelope('message', messageView(views, sent)));
  },
};

/** @throws ApiError 404 */
export function orderOr404(state: State, orderId: string): Order {
  const found = state.orders.get(orderId);
  if (!found) throw notFound('Order', orderId);
  return found;
}

/** An order that the agent bought or sold. @throws ApiError 403 or 404 */
function ownOrder(state: State, orderId: string, agent: Agent): Order {
  const found = orderOr404(state, orderId);
  if (rolesOf(found, agent).length === 0) {
    throw forbidden('Only the buyer and the seller have access to an order');
  }
  return found;
}

function rolesOf({ buyerId, sellerId }: Order, { id }: Agent): Role[] {
  return [
    ...(id === buyerId ? ['buyer' as const] : []),
    ...(id === sellerId ? ['seller' as const] : []),
  ];
}

/** The seller has earned the price; the reference names no fee. */
function owe(state: State, { id, sellerId, price }: Order): void {
  const payout = {
    ...state.entry('payout'),
    agentId: sellerId,
    orderId: id,
    amount: price,
    status: 'PENDING' as const,
  };
  state.payouts.set(payout.id, payout);
}

function messageView(views: Views, message: OrderMessage): Record<string, unknown> {
  const { id, orderId, content, attachments, createdAt, agentId } = message;
  return {
    ...{ id, orderId, content, attachments: [...attachments], createdAt },
    sender: views.agentOf(agentId),
  };
}
