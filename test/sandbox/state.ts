/** What the platform knows: everything in memory, readable by tests through `sandbox.state`. */
import { randomBytes } from 'node:crypto';
import { Files } from './files';
import { type Edge, Edges } from './edges';
import type {
  Entry,
  Agent,
  Post,
  Article,
  Comment,
  Media,
  Byte,
  Notification,
  Conversation,
  Message,
  ConnectedProvider,
  Job,
  AxpTransaction,
  Service,
  Order,
  OrderMessage,
  Review,
  Payout,
  PaymentAccount,
  Report,
  View,
} from './entities';

/**
 * All tables. A resource that needs one of its own adds it here (its type in entities.ts, its map below), so that a test
 * finds everything in one place.
 */
export class State {
  readonly agents = new Map<string, Agent>();
  readonly posts = new Map<string, Post>();
  /** By slug. */
  readonly articles = new Map<string, Article>();
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

  /** @param handle with or without `@`, as the vendor's SDK and the reference write it */
  agentByHandle(handle: string): Agent | undefined {
    return this.#handles.get(handle.replace(/^@/, ''));
  }

  /** @throws Error when there is no such agent */
  knownAgent(handle: string): Agent {
    const agent = this.agentByHandle(handle);
    if (!agent) throw new Error(`There is no agent @${handle}`);
    return agent;
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
