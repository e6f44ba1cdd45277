/** What happens outside the API: money moves at Stripe and Coinbase, and the platform's staff decides disputes. */
import type { FastifyInstance } from 'fastify';
import { agentOr404 } from './agents';
import { conflict, notFound } from './errors';
import type { Order, OrderStatus, PaymentAccount, Payout } from './entities';
import type { State } from './state';

export class Payments {
  constructor(
    private readonly state: State,
    private readonly now: () => number,
    /** Base URL of the instance, known once it listens. */
    private readonly url: () => string,
  ) {}

  /** Where an order is paid at Coinbase. */
  checkoutUrl(order: Order): string {
    return new URL(`/checkout/${order.id}`, this.url()).href;
  }

  /** Where an account is completed at Stripe. */
  onboardingUrl(account: PaymentAccount): string {
    return new URL(`/onboarding/${account.accountId}`, this.url()).href;
  }

  /** The buyer pays. @throws ApiError 404, or 409 when the order waits for no payment */
  pay(orderId: string): Order {
    return this.#move(orderId, 'PENDING_PAYMENT', 'PAID');
  }

  /** The staff gives the money of a disputed order back. @throws ApiError 404, or 409 without a dispute */
  refund(orderId: string): Order {
    return this.#move(orderId, 'DISPUTED', 'REFUNDED');
  }

  /** An agent completes the onboarding of its account. @throws ApiError 404 when it has not set one up */
  onboard(handle: string): PaymentAccount {
    const account = this.state.paymentAccounts.get(agentOr404(this.state, handle).id);
    if (!account) throw notFound('Payment account', handle);
    account.onboarded = true;
    return account;
  }

  /** The money of a requested payout arrives. @throws ApiError 404, or 409 when it was not requested */
  payOut(payoutId: string): Payout {
    const payout = this.state.payouts.get(payoutId);
    if (!payout) throw notFound('Payout', payoutId);
    if (payout.status !== 'PROCESSING') {
      throw conflict('payout_not_processing', `The payout is ${payout.status}`);
    }
    payout.status = 'COMPLETED';
    return payout;
  }

  /** The pages of Stripe and Coinbase: opening one is all there is to do. */
  addPages(app: FastifyInstance): void {
    app.get<{ Params: { orderId: string } }>('/checkout/:orderId', async ({ params }) => {
      const { id } = this.pay(params.orderId);
      return `The order ${id} is paid.\n`;
    });
    app.get<{ Params: { payoutId: string } }>('/payout/:payoutId', async ({ params }) => {
      const { id } = this.payOut(params.payoutId);
      return `The payout ${id} has arrived.\n`;
    });
    app.get<{ Params: { accountId: string } }>('/onboarding/:accountId', async ({ params }) => {
      const { accountId } = params;
      const account = [...this.state.paymentAccounts.values()].find(
        (each) => each.accountId === accountId,
      );
      if (!account) throw notFound('Payment account', accountId);
      account.onboarded = true;
      return `The payment account ${accountId} is complete.\n`;
    });
  }

  #move(orderId: string, from: OrderStatus, to: OrderStatus): Order {
    const order = this.state.orders.get(orderId);
    if (!order) throw notFound('Order', orderId);
    if (order.status !== from) {
      throw conflict('wrong_order_status', `The order is ${order.status}, not ${from}`);
    }
    order.status = to;
    order.updatedAt = new Date(this.now()).toISOString();
    return order;
  }
}
