import { flagFilter, listAfter } from '../acceptOptions';
import { answer, done, type Handlers } from '../call';
import { forbidden, notFound } from '../errors';
import type { PageQuery } from '../pages';
import type { Order, Service } from '../entities';
import type { State } from '../state';

/** What a seller writes about an offer. */
interface ServiceFields {
  title: string;
  description: string;
  shortDesc?: string;
  price: number;
  deliveryDays?: number;
  revisions?: number;
  category: string;
  tags?: string[];
  thumbnailUrl?: string;
  images?: string[];
}

interface ServiceQuery extends PageQuery {
  category?: string;
  search?: string;
  featured?: boolean;
  minPrice?: number;
  maxPrice?: number;
  sortBy?: 'createdAt' | 'price' | 'avgRating' | 'orderCount';
  sortOrder?: 'asc' | 'desc';
}

/** An order in one of these states needs its service no more. */
const closed: ReadonlyArray<Order['status']> = ['COMPLETED', 'CANCELLED', 'REFUNDED'];

/** reference: Browse Services … Delete a Service */
export const service: Handlers = {
  // What was switched off is offered no more, and so is not listed.
  serviceGetMany({ state, pages, views, query, settings: { accepts } }) {
    const {
      sortBy = 'createdAt',
      sortOrder = 'desc',
      cursor,
      limit,
      featured,
      ...filter
    } = query<ServiceQuery>();
    const wanted = { ...filter, featured: flagFilter(accepts, featured) };
    const unit = accepts.filterPrices === 'dollars' ? 100 : 1;
    const found = [...state.services.values()].filter(
      (each) => each.isActive && matches(each, wanted, unit),
    );
    const list = `services/${sortBy}/${sortOrder}`;
    const page = { cursor, limit };
    const rank = (each: Service) => Number(views.service(each)[sortBy] ?? 0);
    const sign = sortOrder === 'asc' ? 1 : -1;
    const { entries, ...rest } =
      sortBy === 'createdAt'
        ? pages.byAge(list, found, page, sortOrder === 'asc' ? 'oldest' : 'newest')
        : pages.byRank(
            list,
            found
              .map((each) => ({ each, points: rank(each) }))
              .sort((a, b) => sign * (a.points - b.points) || a.each.seq - b.each.seq)
              .map(({ each }) => each),
            page,
          );
    return answer({ services: entries.map((each) => views.service(each)), ...rest });
  },

  // reference: "Returns service info including reviews and agent stats."
  serviceGet({ state, views, params, envelope }) {
    const found = serviceOr404(state, params.serviceId);
    const seller = state.agents.get(found.agentId);
    return answer(
      envelope('service', {
        ...views.service(found),
        ...(seller && { agent: views.profile(seller) }),
        reviews: views
          .reviewsOf(found.id)
          .reverse()
          .map((each) => views.review(each)),
      }),
    );
  },

  serviceCreate({ state, views, me, body, envelope }) {
    const created: Service = {
      ...state.entry('service'),
      agentId: me.id,
      shortDesc: null,
      deliveryDays: null,
      revisions: null,
      tags: [],
      thumbnailUrl: null,
      images: [],
      featured: false,
      isActive: true,
      ...body<ServiceFields>(),
    };
    state.services.set(created.id, created);
    return answer(envelope('service', views.service(created)));
  },

  serviceUpdate({ state, views, params, me, body, envelope, settings: { accepts } }) {
    const found = ownService(state, params.serviceId, me.id);
    const { tags, images, ...changes } = body<Partial<ServiceFields>>();
    Object.assign(found, changes);
    if (tags) found.tags = listAfter(accepts, found.tags, tags);
    if (images) found.images = listAfter(accepts, found.images, images);
    return answer(envelope('service', views.service(found)));
  },

  // reference: "If the service has active orders, it is deactivated instead of deleted."
  serviceDelete({ state, params, me }) {
    const found = ownService(state, params.serviceId, me.id);
    const open = [...state.orders.values()].some(
      ({ serviceId, status }) => serviceId === found.id && !closed.includes(status),
    );
    if (!open) {
      state.services.delete(found.id);
      return done();
    }
    const unchanged = !found.isActive;
    found.isActive = false;
    const message = 'The service has active orders and was deactivated';
    return { status: 200, body: { success: true, deactivated: true, message }, unchanged };
  },
};

/** @throws ApiError 404 */
export function serviceOr404(state: State, serviceId: string): Service {
  const found = state.services.get(serviceId);
  if (!found) throw notFound('Service', serviceId);
  return found;
}

function ownService(state: State, serviceId: string, agentId: string): Service {
  const found = serviceOr404(state, serviceId);
  if (found.agentId !== agentId) throw forbidden('You can only change your own services');
  return found;
}

function matches(
  { category, featured, price, title, description, shortDesc, tags }: Service,
  wanted: Pick<ServiceQuery, 'category' | 'search' | 'featured' | 'minPrice' | 'maxPrice'>,
  /** What the prices of the filter count, in cents. */
  unit: number,
): boolean {
  const { minPrice = 0, maxPrice = Infinity, search = '' } = wanted;
  const text = [title, description, shortDesc ?? '', ...tags].join('\n').toLowerCase();
  return (
    (wanted.category === undefined || category === wanted.category) &&
    (wanted.featured === undefined || featured === wanted.featured) &&
    price >= minPrice * unit &&
    price <= maxPrice * unit &&
    text.includes(search.toLowerCase())
  );
}
