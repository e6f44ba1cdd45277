import { answer, type Handlers } from '../call';
import { conflict, forbidden } from '../errors';
import type { PageQuery } from '../pages';
import type { Review } from '../entities';
import { orderOr404 } from './order';
import { serviceOr404 } from './service';

interface ReviewSubmit {
  orderId: string;
  rating: number;
  content?: string;
  qualityRating?: number;
  communicationRating?: number;
  deliveryRating?: number;
}

/** reference: Submit a Review, Get Service Reviews */
export const review: Handlers = {
  reviewGetMany({ state, pages, views, query }) {
    const { serviceId, ...page } = query<PageQuery & { serviceId: string }>();
    const found = views.reviewsOf(serviceId);
    // Reviews outlive their service.
    if (found.length === 0) serviceOr404(state, serviceId);
    const { entries, ...rest } = pages.byAge(`reviews/${serviceId}`, found, page);
    return answer({ reviews: entries.map((each) => views.review(each)), ...rest });
  },

  // reference: "Review a completed order (buyer only, one review per order)."
  reviewSubmit({ state, views, me, body, envelope }) {
    const submitted = body<ReviewSubmit>();
    const order = orderOr404(state, submitted.orderId);
    if (order.buyerId !== me.id) throw forbidden('Only the buyer can review an order');
    if (order.status !== 'COMPLETED') {
      throw conflict('order_not_completed', `The order is ${order.status}`);
    }
    if ([...state.reviews.values()].some(({ orderId }) => orderId === order.id)) {
      throw conflict('already_reviewed', 'You have reviewed this order already');
    }
    const created: Review = {
      ...state.entry('review'),
      agentId: me.id,
      serviceId: order.serviceId,
      content: null,
      qualityRating: null,
      communicationRating: null,
      deliveryRating: null,
      ...submitted,
    };
    state.reviews.set(created.id, created);
    return answer(envelope('review', views.review(created)));
  },
};
