/** What the platform knows: everything in memory, readable by tests through `sandbox.state`. */
import { randomBytes } from 'node:crypto';
import { Files } from './files';

export type AgentType = 'ASSISTANT' | 'CHATBOT' | 'CREATIVE' | 'ANALYST' | 'AUTOMATION' | 'OTHER';

/** reference: Update Your Capabilities */
export interface Capabilities {
  skills: string[];
  apis: string[];
  responseTime: string | null;
  languages: string[];
}

/** An agent's one webhook. reference: Configure Your Webhook */
export interface Webhook {
  url: string;
  /** Null until a secret was asked for: deliveries are then unsigned. */
  secret: string | null;
  createdAt: string;
  updatedAt: string;
}

/** `seq` is the platform-wide order in which things came into being; pages are cut by it. */
export interface Entry {
  id: string;
  seq: number;
  createdAt: string;
}

export interface Agent extends Entry {
  handle: string;
  name: string;
  bio: string | null;
  agentType: AgentType;
  websiteUrl: string | null;
  avatarUrl: string | null;
  verified: boolean;
  clientId: string;
  clientSecret: string;
  capabilities: Capabilities;
  webhook: Webhook | null;
}

export type MediaType = 'TEXT' | 'IMAGE' | 'VIDEO' | 'BYTE';

export interface Post extends Entry {
  agentId: string;
  content: string | null;
  mediaType: MediaType;
  mediaUrls: string[];
  mediaIds: string[];
  hashtags: string[];
  /** Handles, without `@`; only of agents that exist. */
  mentions: string[];
  /** The post that this one reposts or quotes. */
  repostOfId: string | null;
  isQuote: boolean;
  viewCount: number;
}

/** A comment on a post or on a byte. */
export interface Comment extends Entry {
  /** Id of the post or byte. */
  subjectId: string;
  agentId: string;
  content: string;
  parentId: string | null;
}

export interface Media extends Entry {
  agentId: string;
  type: 'IMAGE' | 'VIDEO' | 'AUDIO';
  purpose: string;
  folder: string | null;
  url: string;
  pathname: string;
  contentType: string;
  size: number;
  /** SHA-256 (hex) of what arrived, so that a test can tell whether it arrived whole. */
  sha256: string;
  filename: string;
  /** Milliseconds since the epoch; until then the media is `processing`. */
  readyAt: number;
}

export interface Byte extends Entry {
  agentId: string;
  caption: string | null;
  mediaId: string;
  videoUrl: string;
  thumbnailUrl: string | null;
  hashtags: string[];
  mentions: string[];
  viewCount: number;
}

/** reference: Get Your Notifications */
export type NotificationType =
  | 'FOLLOW'
  | 'LIKE'
  | 'COMMENT'
  | 'REPOST'
  | 'QUOTE'
  | 'MENTION'
  | 'REPLY';

export interface Notification extends Entry {
  /** Who is told. */
  agentId: string;
  actorId: string;
  type: NotificationType;
  postId: string | null;
  commentId: string | null;
  byteId: string | null;
  read: boolean;
}

/** Direct messages between two agents. reference: Start a Conversation (DM) */
export interface Conversation extends Entry {
  /** Who began it, and with whom. */
  participantIds: readonly [string, string];
  /** When the last message was sent. */
  updatedAt: string;
}

export interface Message extends Entry {
  conversationId: string;
  senderId: string;
  content: string;
  /** By the one who did not send it. */
  read: boolean;
}

/** reference: Connected Services */
export type ProviderName = 'OPENAI' | 'RUNWARE' | 'GOOGLE_GEMINI' | 'ELEVENLABS';

export interface ConnectedProvider extends Entry {
  agentId: string;
  provider: ProviderName;
  /** Whole; answers only show a mask of it. */
  apiKey: string;
  isActive: boolean;
  updatedAt: string;
}

/** reference: Provider Capabilities, Provider-Specific Parameters */
export type GenerationType = 'image' | 'video' | 'voice' | 'sound_effect' | 'music';

/** reference: Status Flow */
export type JobStatus = 'pending' | 'generating' | 'uploading' | 'completed' | 'failed';

export interface Job extends Entry {
  agentId: string;
  provider: ProviderName;
  type: GenerationType;
  prompt: string;
  model: string;
  params: Record<string, unknown>;
  /** Text of the post that it ends in. */
  postContent: string | null;
  status: JobStatus;
  /** Every status it has had, retries included. */
  statuses: JobStatus[];
  errorMessage: string | null;
  retryCount: number;
  resultUrl: string | null;
  postId: string | null;
  completedAt: string | null;
  /** Start of the latest attempt, milliseconds since the epoch. */
  startedAt: number;
  /** When the latest attempt failed, milliseconds since the epoch. */
  failedAt: number | null;
}

/** reference: Get an Agent's AXP Stats, `history` */
export interface AxpTransaction extends Entry {
  agentId: string;
  amount: number;
  reason: string;
  postId: string | null;
}

/** An offer on the marketplace. reference: Create a Service Listing */
export interface Service extends Entry {
  agentId: string;
  title: string;
  description: string;
  shortDesc: string | null;
  /** Cents. */
  price: number;
  deliveryDays: number | null;
  revisions: number | null;
  category: string;
  tags: string[];
  thumbnailUrl: string | null;
  images: string[];
  /** Only tests can make one: the reference does not say how offers get featured. */
  featured: boolean;
  isActive: boolean;
}

/** reference: List Your Orders, `status` */
export type OrderStatus =
  | 'PENDING_PAYMENT'
  | 'PAID'
  | 'IN_PROGRESS'
  | 'DELIVERED'
  | 'REVISION'
  | 'COMPLETED'
  | 'CANCELLED'
  | 'DISPUTED'
  | 'REFUNDED';

/** reference: Place an Order */
export type PaymentMethod = 'CARD' | 'CRYPTO_USDC' | 'CRYPTO_USDP' | 'COINBASE';

export interface Order extends Entry {
  serviceId: string;
  buyerId: string;
  sellerId: string;
  /** Cents, as the service cost when it was ordered. */
  price: number;
  paymentMethod: PaymentMethod;
  requirements: string | null;
  deliverables: string | null;
  status: OrderStatus;
  updatedAt: string;
}

export interface OrderMessage extends Entry {
  orderId: string;
  agentId: string;
  content: string;
  attachments: string[];
}

export interface Review extends Entry {
  orderId: string;
  serviceId: string;
  agentId: string;
  rating: number;
  content: string | null;
  qualityRating: number | null;
  communicationRating: number | null;
  deliveryRating: number | null;
}

/** What a seller is owed for a completed order. reference: Get Your Payouts */
export interface Payout extends Entry {
  agentId: string;
  orderId: string;
  /** Cents. */
  amount: number;
  status: 'PENDING' | 'PROCESSING' | 'COMPLETED';
}

/** An agent's account at Stripe. reference: Set Up Payment Account */
export interface PaymentAccount {
  accountId: string;
  /** The account's owner has done what its onboarding asks for. */
  onboarded: boolean;
  preferCrypto: boolean;
  cryptoWalletAddress: string | null;
}

/** reference: Content Reporting */
export interface Report extends Entry {
  agentId: string;
  reason: string;
  description: string | null;
  reportedAgentId: string | null;
  reportedPostId: string | null;
  reportedCommentId: string | null;
  status: 'PENDING';
}

/** One agent's view of one post at one time (analytics count them). */
export interface View {
  postId: string;
  agentId: string;
  at: number;
}

/** `from` did something to `to`: followed an agent, liked a post, … */
export interface Edge extends Entry {
  from: string;
  to: string;
}

/** A set of pairs, found quickly from both ends. */
export class Edges {
  readonly #out = new Map<string, Map<string, Edge>>();
  readonly #in = new Map<string, Map<string, Edge>>();

  get(from: string, to: string): Edge | undefined {
    return this.#out.get(from)?.get(to);
  }

  has(from: string, to: string): boolean {
    return this.get(from, to) !== undefined;
  }

  add(edge: Edge): Edge {
    bucket(this.#out, edge.from).set(edge.to, edge);
    bucket(this.#in, edge.to).set(edge.from, edge);
    return edge;
  }

  /** @returns whether the pair was there */
  remove(from: string, to: string): boolean {
    this.#in.get(to)?.delete(from);
    return this.#out.get(from)?.delete(to) ?? false;
  }

  /** Removes every pair that ends at `to` (what was liked is gone). */
  removeTo(to: string): void {
    for (const edge of this.to(to)) this.remove(edge.from, to);
  }

  from(id: string): Edge[] {
    return [...(this.#out.get(id)?.values() ?? [])];
  }

  to(id: string): Edge[] {
    return [...(this.#in.get(id)?.values() ?? [])];
  }

  countFrom(id: string): number {
    return this.#out.get(id)?.size ?? 0;
  }

  countTo(id: string): number {
    return this.#in.get(id)?.size ?? 0;
  }

  get size(): number {
    let size = 0;
    for (const edges of this.#out.values()) size += edges.size;
    return size;
  }

  *[Symbol.iterator](): IterableIterator<Edge> {
    for (const edges of this.#out.values()) yield* edges.values();
  }
}

function bucket(index: Map<string, Map<string, Edge>>, key: string): Map<string, Edge> {
  let edges = index.get(key);
  if (!edges) index.set(key, (edges = new Map<string, Edge>()));
  return edges;
}

/**
 * All tables. A resource that needs one of its own adds it here (type above, map below), so that a test
 * finds everything in one place.
 */
export class State {
  readonly agents = new Map<string, Agent>();
  readonly posts = new Map<string, Post>();
  /** Comments on posts and on bytes. */
  readonly comments = new Map<string, Comment>();
  readonly media = new Map<string, Media>();
  /** What was uploaded, avatars included, and what was generated. */
  readonly files = new Files();
  readonly bytes = new Map<string, Byte>();
  readonly notifications = new Map<string, Notification>();
  readonly conversations = new Map<string, Conversation>();
  readonly messages = new Map<string, Message>();
  readonly connectedProviders = new Map<string, ConnectedProvider>();
  /** Generation jobs. */
  readonly jobs = new Map<string, Job>();
  readonly axp = new Map<string, AxpTransaction>();
  readonly services = new Map<string, Service>();
  readonly orders = new Map<string, Order>();
  readonly orderMessages = new Map<string, OrderMessage>();
  readonly reviews = new Map<string, Review>();
  readonly payouts = new Map<string, Payout>();
  /** By agent. */
  readonly paymentAccounts = new Map<string, PaymentAccount>();
  readonly reports = new Map<string, Report>();
  readonly views: View[] = [];
  /** agent → agent */
  readonly follows = new Edges();
  /** agent → post or byte */
  readonly likes = new Edges();
  /** agent → post */
  readonly amplifies = new Edges();

  readonly #handles = new Map<string, Agent>();
  readonly #clients = new Map<string, Agent>();
  readonly #commentsOf = new Map<string, Set<Comment>>();
  readonly #messagesOf = new Map<string, Set<Message>>();
  readonly #postsOf = new Map<string, Set<Post>>();
  readonly #repostsOf = new Map<string, Set<Post>>();
  #seq = 0;

  constructor(private readonly now: () => number) {}

  /** The three fields that every entry has: `entry('post')` gives `{ id: 'post_…', seq, createdAt }`. */
  entry(prefix: string): Entry {
    return {
      id: newId(prefix),
      seq: ++this.#seq,
      createdAt: new Date(this.now()).toISOString(),
    };
  }

  /** A pair for one of the {@link Edges}. */
  edge(prefix: string, from: string, to: string): Edge {
    return { ...this.entry(prefix), from, to };
  }

  addAgent(agent: Agent): Agent {
    this.agents.set(agent.id, agent);
    this.#handles.set(agent.handle, agent);
    this.#clients.set(agent.clientId, agent);
    return agent;
  }

  agentByHandle(handle: string): Agent | undefined {
    return this.#handles.get(handle);
  }

  agentByClientId(clientId: string): Agent | undefined {
    return this.#clients.get(clientId);
  }

  addPost(post: Post): Post {
    this.posts.set(post.id, post);
    setOf(this.#postsOf, post.agentId).add(post);
    if (post.repostOfId) setOf(this.#repostsOf, post.repostOfId).add(post);
    return post;
  }

  /** Removes a post with its comments, likes and plain reposts; quotes stay and lose what they quoted. */
  removePost(post: Post): void {
    this.posts.delete(post.id);
    this.#postsOf.get(post.agentId)?.delete(post);
    if (post.repostOfId) this.#repostsOf.get(post.repostOfId)?.delete(post);
    for (const comment of this.commentsOn(post.id)) this.removeComment(comment);
    this.likes.removeTo(post.id);
    this.amplifies.removeTo(post.id);
    for (const repost of this.repostsOf(post.id)) {
      if (repost.isQuote) repost.repostOfId = null;
      else this.removePost(repost);
    }
  }

  postsBy(agentId: string): Post[] {
    return [...(this.#postsOf.get(agentId) ?? [])];
  }

  postCount(agentId: string): number {
    return this.#postsOf.get(agentId)?.size ?? 0;
  }

  /** Plain reposts and quotes of a post. */
  repostsOf(postId: string): Post[] {
    return [...(this.#repostsOf.get(postId) ?? [])];
  }

  addComment(comment: Comment): Comment {
    this.comments.set(comment.id, comment);
    setOf(this.#commentsOf, comment.subjectId).add(comment);
    return comment;
  }

  /** Removes a comment and, however deep, the replies to it. reference: Delete a Comment */
  removeComment(comment: Comment): void {
    this.comments.delete(comment.id);
    this.#commentsOf.get(comment.subjectId)?.delete(comment);
    for (const reply of this.commentsOn(comment.subjectId)) {
      if (reply.parentId === comment.id) this.removeComment(reply);
    }
  }

  /** Comments on a post or byte, replies included. */
  commentsOn(subjectId: string): Comment[] {
    return [...(this.#commentsOf.get(subjectId) ?? [])];
  }

  commentCount(subjectId: string): number {
    return this.#commentsOf.get(subjectId)?.size ?? 0;
  }

  conversationBetween(one: string, other: string): Conversation | undefined {
    return [...this.conversations.values()].find(
      ({ participantIds: ids }) => ids.includes(one) && ids.includes(other),
    );
  }

  addMessage(message: Message): Message {
    this.messages.set(message.id, message);
    setOf(this.#messagesOf, message.conversationId).add(message);
    return message;
  }

  removeMessage(message: Message): void {
    this.messages.delete(message.id);
    this.#messagesOf.get(message.conversationId)?.delete(message);
  }

  /** Oldest first. */
  messagesIn(conversationId: string): Message[] {
    return [...(this.#messagesOf.get(conversationId) ?? [])];
  }

  /** Removes a conversation with its messages, for both sides. reference: Delete a Conversation */
  removeConversation(conversation: Conversation): void {
    this.conversations.delete(conversation.id);
    for (const message of this.messagesIn(conversation.id)) this.removeMessage(message);
    this.#messagesOf.delete(conversation.id);
  }

  /** Removes a byte with its comments and likes. */
  removeByte(byte: Byte): void {
    this.bytes.delete(byte.id);
    for (const comment of this.commentsOn(byte.id)) this.removeComment(comment);
    this.likes.removeTo(byte.id);
  }
}

function setOf<T>(index: Map<string, Set<T>>, key: string): Set<T> {
  let set = index.get(key);
  if (!set) index.set(key, (set = new Set<T>()));
  return set;
}

/** A new id such as `post_3f9c…`: letters, digits and one underscore, safe in any path. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(10).toString('hex')}`;
}
