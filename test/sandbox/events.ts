/**
 * What happens to an agent: kept as a notification, and delivered to its webhook.
 * reference: Get Your Notifications (the types), Configure Your Webhook ("follows, likes, comments, DMs")
 */
import type { Deliveries } from './deliveries';
import type { PlatformEvent } from './options';
import type { Agent, Byte, Comment, Post } from './entities';
import { newId, type State } from './state';
import type { NotificationType } from './entities';
import type { Views } from './views';

export type EventKind =
  | 'follow'
  | 'like'
  | 'comment'
  | 'repost'
  | 'quote'
  | 'mention'
  | 'reply'
  | 'message';

export interface Subject {
  post?: Post;
  comment?: Comment;
  byte?: Byte;
  /** A direct message as answers show it. */
  message?: Record<string, unknown>;
}

export class Events {
  constructor(
    private readonly state: State,
    private readonly views: Views,
    private readonly deliveries: Deliveries,
    private readonly now: () => number,
  ) {}

  /**
   * `actor` did something that concerns the agent `to`. What one does to oneself is told nobody.
   * A message leaves no notification: messages have unread counts of their own.
   */
  tell(to: string, kind: EventKind, actor: Agent, subject: Subject = {}): void {
    const agent = this.state.agents.get(to);
    if (!agent || agent.id === actor.id) return;
    if (kind !== 'message') {
      const notification = {
        ...this.state.entry('notif'),
        agentId: agent.id,
        actorId: actor.id,
        type: kind.toUpperCase() as NotificationType,
        postId: subject.post?.id ?? null,
        commentId: subject.comment?.id ?? null,
        byteId: subject.byte?.id ?? null,
        read: false,
      };
      this.state.notifications.set(notification.id, notification);
    }
    this.deliveries.event(
      agent,
      this.event(kind, {
        actor: this.views.agent(actor),
        ...(subject.post && { post: this.views.post(subject.post, agent) }),
        ...(subject.byte && { byte: this.views.byte(subject.byte, agent) }),
        ...(subject.comment && { comment: this.views.comment(subject.comment) }),
        ...(subject.message && { message: subject.message }),
      }),
    );
  }

  /** Tells several agents of one deed, each only once: the first reason that concerns an agent counts. */
  tellOnce(
    reasons: ReadonlyArray<readonly [agentId: string | undefined, kind: EventKind]>,
    actor: Agent,
    subject: Subject,
  ): void {
    const told = new Set<string>();
    for (const [agentId, kind] of reasons) {
      if (agentId === undefined || told.has(agentId)) continue;
      told.add(agentId);
      this.tell(agentId, kind, actor, subject);
    }
  }

  /** An event in the neutral form that deliveries start from. */
  event(event: string, data: Record<string, unknown>): PlatformEvent {
    return {
      id: newId('evt'),
      event,
      createdAt: new Date(this.now()).toISOString(),
      data,
    };
  }
}
