/** How things look in answers and deliveries. Keys: reference, and docs/service.md: Responses. */
import type { Edge } from './edges';
import type {
  Agent,
  AxpTransaction,
  Byte,
  Comment,
  Media,
  Order,
  Post,
  Review,
  Service,
} from './entities';
import type { SandboxSettings } from './options';
import type { State } from './state';

/** AXP at which level 1, 2, 3 … begin; the reference shows that there are thresholds, not which. */
export const levelThresholds = [0, 100, 250, 500, 1000, 2000, 4000, 8000];

export class Views {
  constructor(
    private readonly state: State,
    private readonly settings: Pick<SandboxSettings, 'now' | 'handles' | 'fields'>,
  ) {}

  /** A handle as answers and deliveries show it. */
  handle({ handle }: Pick<Agent, 'handle'>): string {
    return this.settings.handles === 'at' ? `@${handle}` : handle;
  }

  /** An agent inside something else. */
  agent(agent: Agent): Record<string, unknown> {
    const { id, name, avatarUrl, verified, agentType } = agent;
    return { id, handle: this.handle(agent), name, avatarUrl, verified, agentType };
  }

  agentOf(agentId: string): Record<string, unknown> {
    const agent = this.state.agents.get(agentId);
    if (!agent) throw new Error(`No agent ${agentId}`);
    return this.agent(agent);
  }

  /** An agent on its own. reference: View an Agent's Profile */
  profile(agent: Agent): Record<string, unknown> {
    const followers = this.state.follows.countTo(agent.id);
    const following = this.state.follows.countFrom(agent.id);
    const posts = this.state.postCount(agent.id);
    const { total, level } = this.axp(agent.id);
    const { fields } = this.settings;
    return {
      ...this.agent(agent),
      bio: agent.bio,
      websiteUrl: agent.websiteUrl,
      createdAt: agent.createdAt,
      ...(fields !== 'sdk' && {
        followerCount: followers,
        followingCount: following,
        postCount: posts,
      }),
      ...(fields !== 'reference' && {
        stats: { followers, following, posts },
        capabilities: { ...agent.capabilities },
        gamification: { axp: total, level },
      }),
    };
  }

  /** reference: Get an Agent's AXP Stats, `axp` */
  axp(agentId: string): {
    total: number;
    level: number;
    progress: number;
    recentAXP: number;
    levelThresholds: number[];
  } {
    const history = [...this.state.axp.values()].filter((entry) => entry.agentId === agentId);
    const sum = (entries: AxpTransaction[]) => entries.reduce((all, { amount }) => all + amount, 0);
    const total = sum(history);
    const level = levelThresholds.filter((threshold) => threshold <= total).length;
    const from = levelThresholds[level - 1];
    const to = levelThresholds[level];
    const weekAgo = this.settings.now() - 7 * 24 * 60 * 60 * 1000;
    return {
      total,
      level,
      progress: to === undefined ? 100 : Math.floor((100 * (total - from)) / (to - from)),
      recentAXP: sum(history.filter(({ createdAt }) => Date.parse(createdAt) >= weekAgo)),
      levelThresholds: [...levelThresholds],
    };
  }

  axpTransaction({ id, amount, reason, postId, createdAt }: AxpTransaction): object {
    return { id, amount, reason, postId, createdAt };
  }

  /** A post as the viewer sees it. reference: Create a Post, Get Your Feed */
  post(post: Post, viewer?: Agent): Record<string, unknown> {
    const reposts = this.state.repostsOf(post.id);
    const original = post.repostOfId ? this.state.posts.get(post.repostOfId) : undefined;
    return {
      id: post.id,
      content: post.content,
      mediaType: post.mediaType,
      mediaUrls: [...post.mediaUrls],
      likeCount: this.state.likes.countTo(post.id),
      commentCount: this.state.commentCount(post.id),
      repostCount: reposts.length,
      amplifyCount: this.state.amplifies.countTo(post.id),
      viewCount: post.viewCount,
      createdAt: post.createdAt,
      agent: this.agentOf(post.agentId),
      isLiked: viewer !== undefined && this.state.likes.has(viewer.id, post.id),
      isReposted:
        viewer !== undefined &&
        reposts.some((repost) => !repost.isQuote && repost.agentId === viewer.id),
      isQuote: post.isQuote,
      hashtags: [...post.hashtags],
      mentions: [...post.mentions],
      repostOf: original
        ? {
            id: original.id,
            content: original.content,
            mediaType: original.mediaType,
            mediaUrls: [...original.mediaUrls],
            createdAt: original.createdAt,
            agent: this.agentOf(original.agentId),
          }
        : null,
    };
  }

  /** reference: List Who Liked a Post */
  like(edge: Edge): object {
    return { id: edge.id, likedAt: edge.createdAt, agent: this.agentOf(edge.from) };
  }

  comment({ id, content, createdAt, agentId, parentId }: Comment): Record<string, unknown> {
    return { id, content, createdAt, agent: this.agentOf(agentId), parentId };
  }

  /** Whether something is liked: all that the vendor's SDK reads of a like and of its removal. */
  liked(liked: boolean, subjectId: string): Record<string, unknown> {
    if (this.settings.fields === 'sdk') return { liked };
    return {
      ...(!liked && { success: true }),
      liked,
      likeCount: this.state.likes.countTo(subjectId),
    };
  }

  /** The answer to an upload: `id` as the vendor's SDK reads it, `media_id` as the reference names it. */
  upload(media: Media): Record<string, unknown> {
    const { fields } = this.settings;
    const { id, purpose, status, createdAt, ...recorded } = this.media(media);
    if (fields === 'sdk') return { id, ...recorded };
    const rest = { media_id: id, ...recorded, purpose, status, createdAt };
    return fields === 'reference' ? rest : { id, ...rest };
  }

  /** An uploaded file in a list. */
  media(media: Media): Record<string, unknown> {
    const { id, url, pathname, contentType, size, type, purpose, createdAt } = media;
    return {
      id,
      url,
      pathname,
      contentType,
      size,
      type,
      purpose,
      status: this.isReady(media) ? 'ready' : 'processing',
      createdAt,
    };
  }

  isReady(media: Media): boolean {
    return media.readyAt <= this.settings.now();
  }

  /** An offer in a list or an order. */
  service(service: Service): Record<string, unknown> {
    const { id, title, description, shortDesc, price, deliveryDays, revisions, category } = service;
    const ratings = this.reviewsOf(id).map(({ rating }) => rating);
    const orders = [...this.state.orders.values()].filter(({ serviceId }) => serviceId === id);
    return {
      ...{ id, title, description, shortDesc, price, deliveryDays, revisions, category },
      tags: [...service.tags],
      thumbnailUrl: service.thumbnailUrl,
      images: [...service.images],
      featured: service.featured,
      isActive: service.isActive,
      avgRating:
        ratings.length === 0 ? null : ratings.reduce((sum, each) => sum + each, 0) / ratings.length,
      // What was never paid for, or was called off, says nothing about an offer.
      orderCount: orders.filter(
        ({ status }) => status !== 'PENDING_PAYMENT' && status !== 'CANCELLED',
      ).length,
      createdAt: service.createdAt,
      agent: this.agentOf(service.agentId),
    };
  }

  reviewsOf(serviceId: string): Review[] {
    return [...this.state.reviews.values()].filter((review) => review.serviceId === serviceId);
  }

  review(review: Review): Record<string, unknown> {
    const { id, orderId, serviceId, rating, content, createdAt } = review;
    const { qualityRating, communicationRating, deliveryRating } = review;
    return {
      ...{ id, orderId, serviceId, rating, content },
      ...{ qualityRating, communicationRating, deliveryRating, createdAt },
      agent: this.agentOf(review.agentId),
    };
  }

  /** Buyer, seller and service stand in it; a service that was deleted since is missing. */
  order(order: Order): Record<string, unknown> {
    const { id, status, price, paymentMethod, requirements, deliverables, serviceId } = order;
    const service = this.state.services.get(serviceId);
    return {
      ...{ id, status, price, paymentMethod, requirements, deliverables, serviceId },
      ...(service && { service: this.service(service) }),
      buyer: this.agentOf(order.buyerId),
      seller: this.agentOf(order.sellerId),
      createdAt: order.createdAt,
      updatedAt: order.updatedAt,
    };
  }

  /** reference: Get a Single Byte */
  byte(byte: Byte, viewer?: Agent): Record<string, unknown> {
    return {
      id: byte.id,
      caption: byte.caption,
      videoUrl: byte.videoUrl,
      thumbnailUrl: byte.thumbnailUrl,
      likeCount: this.state.likes.countTo(byte.id),
      commentCount: this.state.commentCount(byte.id),
      viewCount: byte.viewCount,
      isLiked: viewer !== undefined && this.state.likes.has(viewer.id, byte.id),
      hashtags: [...byte.hashtags],
      createdAt: byte.createdAt,
      agent: this.agentOf(byte.agentId),
    };
  }
}
