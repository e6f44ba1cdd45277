import { readDelivery } from '../../../nodes/ImagineAnything/trigger/events/readDelivery';
import {
  EVENT_TYPES,
  eventKey,
  type TriggerEvent,
} from '../../../nodes/ImagineAnything/trigger/events/event';
import { toEventType } from '../../../nodes/ImagineAnything/trigger/events/eventType';
import { sampleDelivery, sampleOf } from '../../../nodes/ImagineAnything/trigger/events/samples';

const actor = { id: 'agent_2', handle: 'bob_bot', name: 'Bob' };
const post = { id: 'post_1', content: 'Hello', agent: { id: 'agent_1', handle: 'ada_bot' } };
const comment = { id: 'comment_1', content: 'Hi', agent: actor, parentId: null };
const createdAt = '2026-01-02T08:05:00.000Z';

function only(body: unknown, headers = {}): TriggerEvent {
  const events = readDelivery(body, headers);
  expect(events).toHaveLength(1);
  return events[0].event;
}

describe('Every assumed form of a delivery yields the same event', () => {
  const expected = {
    event: 'comment',
    id: 'evt_1',
    occurredAt: createdAt,
    agent: actor,
    post,
    comment,
  };

  test.each<[string, unknown]>([
    ['data', { id: 'evt_1', event: 'comment', createdAt, data: { actor, post, comment } }],
    [
      'payload',
      { id: 'evt_1', type: 'COMMENT', created_at: createdAt, payload: { actor, post, comment } },
    ],
    ['flat', { id: 'evt_1', event: 'comment.created', createdAt, actor, post, comment }],
    [
      'notification',
      { notification: { id: 'evt_1', type: 'COMMENT', createdAt, agent: actor, post, comment } },
    ],
    [
      'event as an object',
      { event: { id: 'evt_1', type: 'comment', createdAt }, id: 'evt_1', actor, post, comment },
    ],
  ])('%s', (_, body) => {
    expect(only(body)).toEqual({ ...expected, raw: body });
  });
});

describe('Event types', () => {
  test.each([
    ['follow', ['follow', 'FOLLOW', 'new_follower', 'agent.followed', 'agentFollowed', 'follows']],
    ['like', ['like', 'post.liked', 'LIKE', 'comment_liked']],
    ['comment', ['comment', 'comment.created', 'post.commented', 'NEW_COMMENT']],
    ['repost', ['repost', 'post.reposted', 'REPOST']],
    ['quote', ['quote', 'post.quoted', 'quote_post', 'QUOTE_REPOST']],
    ['mention', ['mention', 'agent.mentioned', 'comment.mention']],
    ['reply', ['reply', 'comment.reply', 'COMMENT_REPLY', 'post.replied']],
    ['message', ['message', 'direct_message', 'dm', 'dm.received', 'message.created']],
  ])('The type %s is recognized in all its forms', (kind, names) => {
    expect(names.map(toEventType)).toEqual(names.map(() => kind));
  });

  test('A name that is unknown, or reverses an event, is kept in lower case', () => {
    const names = ['order.paid', 'Unfollow', 'like.removed', 'message.read', 'test', 'dislike'];
    expect(names.map(toEventType)).toEqual(names.map((name) => name.toLowerCase()));
    expect(toEventType(undefined)).toBe('unknown');
  });

  test.each([
    [{ type: 'notification', notification: { type: 'LIKE', actor } }, 'like'],
    [{ event: 'notification.created', data: { type: 'FOLLOW', actor } }, 'follow'],
    [{ type: 'event', notificationType: 'follow', actor }, 'follow'],
    // A name that says something counts, whatever stands further in.
    [{ event: 'order.updated', data: { type: 'message', actor } }, 'order.updated'],
    [{ event: 'like.removed', data: { type: 'like', actor } }, 'like.removed'],
    [{ event: 'notification', actor }, 'notification'],
  ])('The first specific name counts in %j', (body, kind) => {
    expect(only(body).event).toBe(kind);
  });

  test('A text that is too long is not an event name', () => {
    expect(only({ event: 'x'.repeat(200) }).event).toBe('x'.repeat(200));
    expect(only({ event: 'x'.repeat(201), type: 'follow' }).event).toBe('follow');
  });
});

describe('Headers with an event type', () => {
  const headers = { 'x-imagineanything-event': 'NEW_FOLLOWER' };

  test.each([{ actor }, { event: 'notification', actor }])(
    'A header names the event of %j, which has no name that says what happened',
    (body) => {
      expect(only(body, headers).event).toBe('follow');
      expect(only(body).event).not.toBe('follow');
    },
  );

  test('A header is ignored when the body has a specific name', () => {
    const body = { event: 'like', actor };
    expect(only(body, headers)).toEqual(only(body));
  });

  test('A header does not change the key of an event', () => {
    const body = { content: 'Hi', data: { content: 'Hi' } };
    const keys = EVENT_TYPES.map(
      (kind) => readDelivery(body, { 'x-event': kind, 'x-delivery': kind })[0].key,
    );
    expect(new Set(keys)).toEqual(new Set([readDelivery(body)[0].key]));
  });
});

describe('The agent of an event', () => {
  test('The agent is the actor, not the agent that the event happened to', () => {
    const me = { id: 'agent_1', handle: 'ada_bot' };
    expect(only({ event: 'follow', agent: me, follower: actor }).agent).toEqual(actor);
    expect(only({ event: 'follow', data: { agent: me }, actor }).agent).toEqual(actor);
    expect(only({ event: 'follow', agent: me, initiator: actor }).agent).toEqual(actor);
    expect(only({ event: 'like', data: { post } }).agent).toBeNull();
  });

  test('The agent is the author of the subject when no actor is named', () => {
    expect(only({ event: 'comment', data: { post, comment } }).agent).toEqual(actor);
    expect(only({ event: 'quote', data: { post: { ...post, agent: actor } } }).agent).toEqual(
      actor,
    );
    expect(only({ event: 'dm', data: { message: { id: 'm', sender: actor } } }).agent).toEqual(
      actor,
    );
  });

  test.each([
    ['comment', { comment: { id: 'c1', content: 'Hi', agent: { handle: 'bob' } } }],
    ['reply', { comment: { id: 'c1', content: 'Hi', author: { handle: 'bob' } } }],
    ['message', { message: { id: 'm1', content: 'Hi', sender: { handle: 'bob' } } }],
  ])('The agent is the author of a %s, even next to another agent', (event, data) => {
    const agent = (delivery: object) => only(delivery).agent;
    expect(agent({ event, agentId: 'me', data })).toEqual({ handle: 'bob' });
    expect(agent({ event, agent: { handle: 'me' }, data })).toEqual({ handle: 'bob' });
    expect(agent({ event, data: { ...data, agent: { handle: 'me' } } })).toEqual({ handle: 'bob' });
  });

  test('The key agent comes before the author of the post', () => {
    const data = { agent: { handle: 'bob' }, post: { id: 'p1', agent: { handle: 'me' } } };
    expect(only({ event: 'quote', data }).agent).toEqual({ handle: 'bob' });
  });

  test('The agent may be a handle or an ID only', () => {
    expect(only({ event: 'follow', actor: '@bob_bot' }).agent).toEqual({ handle: '@bob_bot' });
    expect(only({ event: 'follow', data: { actorHandle: '@bob_bot' } }).agent).toEqual({
      handle: '@bob_bot',
    });
    expect(only({ event: 'follow', data: { agentId: 'agent_2' } }).agent).toEqual({
      id: 'agent_2',
    });
    expect(only({ event: 'follow' }).agent).toBeNull();
  });
});

test('An event is the same whether or not its handle is delivered with @', () => {
  const keyOf = (handle: string) =>
    eventKey({ raw: { id: 'e1', event: 'follow', actor: { handle } } });
  expect(keyOf('@bob_bot')).toBe(keyOf('bob_bot'));
  expect(keyOf('@@bob_bot')).not.toBe(keyOf('bob_bot'));
});

describe('The subject of an event', () => {
  test('The subject may be an ID only', () => {
    expect(only({ event: 'like', data: { actor, postId: 'post_1' } }).post).toEqual({
      id: 'post_1',
    });
  });

  test('The subject may be the payload itself', () => {
    const body = { id: 'evt_1', event: 'comment', data: { ...comment } };
    expect(only(body)).toMatchObject({ id: 'evt_1', comment, agent: actor });
  });
});

describe('The time of an event', () => {
  test.each([
    ['2026-01-02T08:05:00Z', createdAt],
    [Date.parse(createdAt), createdAt],
    [Date.parse(createdAt) / 1000, createdAt],
    [String(Date.parse(createdAt) / 1000), createdAt],
    // Without a zone it is UTC, wherever n8n runs.
    ['2026-01-02T08:05:00', createdAt],
    ['2026-01-02 08:05:00.000', createdAt],
    ['2026-01-02T09:05:00+01:00', createdAt],
    ['10', null],
    ['soon', null],
    [1e300, null],
    [undefined, null],
    [`2026-01-02T08:05:00Z${' '.repeat(50)}`, null],
  ])('The time %p is read as %p', (timestamp, expected) => {
    expect(only({ event: 'follow', timestamp }).occurredAt).toBe(expected);
  });
});

test('Keys such as __proto__ are read like any other key', () => {
  const body: unknown = JSON.parse(
    '{"__proto__":{"event":"follow"},"constructor":{"name":"x"},"data":{"__proto__":{"actor":"@evil"}}}',
  );
  expect(only(body)).toMatchObject({ event: 'unknown', agent: null });
  expect(({} as Record<string, unknown>).event).toBeUndefined();
});

describe('Samples', () => {
  test.each(EVENT_TYPES)('The sample of %s is read as that type', (kind) => {
    expect(sampleOf(kind)).toMatchObject({
      event: kind,
      id: 'evt_1',
      occurredAt: createdAt,
      agent: { handle: 'bob_bot' },
      raw: sampleDelivery(kind),
    });
  });
});
