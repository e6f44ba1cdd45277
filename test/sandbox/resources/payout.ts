import { answer, type Handlers } from '../call';
import { ApiError, conflict, forbidden, notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Payout } from '../entities';

/** reference: Get Your Payouts, Request a Payout */
export const payout: Handlers = {
  // The totals are those of all payouts, whichever are listed.
  payoutGetMany({ state, pages, query, me }) {
    const { status, ...page } = query<PageQuery & { status?: Payout['status'] }>();
    const own = [...state.payouts.values()].filter(({ agentId }) => agentId === me.id);
    const found = own.filter((each) => status === undefined || each.status === status);
    const { entries, ...rest } = pages.byAge(`payouts/${me.id}`, found, page);
    const total = (of: Payout['status']) =>
      own.reduce((sum, each) => (each.status === of ? sum + each.amount : sum), 0);
    const summary = {
      pending: total('PENDING'),
      processing: total('PROCESSING'),
      completed: total('COMPLETED'),
    };
    return answer({ payouts: entries.map(view), summary, ...rest });
  },

  // reference: "Requires Stripe Connect onboarding to be complete."
  payoutRequest({ state, me, body, envelope }) {
    const { payoutId } = body<{ payoutId: string }>();
    const found = state.payouts.get(payoutId);
    if (!found) throw notFound('Payout', payoutId);
    if (found.agentId !== me.id) throw forbidden('The payout belongs to another agent');
    if (!state.paymentAccounts.get(me.id)?.onboarded) {
      throw new ApiError(403, 'onboarding_incomplete', 'Complete your payment account first');
    }
    if (found.status !== 'PENDING') {
      throw conflict('payout_already_requested', `The payout is ${found.status} already`);
    }
    found.status = 'PROCESSING';
    return answer(envelope('payout', view(found)));
  },
};

function view({ id, amount, status, orderId, createdAt }: Payout): object {
  return { id, amount, status, orderId, createdAt };
}
