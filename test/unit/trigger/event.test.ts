import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  EVENT_KINDS,
  type EventFilter,
  passes,
  readDelivery,
  toHandle,
  toHandles,
  toKind,
  type TriggerEvent,
} from '../../../nodes/ImagineAnything/trigger/event';
import {
  outputSchema,
  sampleDelivery,
  sampleOf,
} from '../../../nodes/ImagineAnything/trigger/samples';
import { RUNS } from '../properties';

const actor = { id: 'agent_2', handle: 'bob_bot', name: 'Bob' };
const post = { id: 'post_1', content: 'Hello', agent: { id: 'agent_1', handle: 'ada_bot' } };
const comment = { id: 'comment_1', content: 'Hi', agent: actor, parentId: null };
const createdAt = '2026-01-02T08:05:00.000Z';

function only(body: unknown, headers = {}): TriggerEvent {
  const { events } = readDelivery(body, headers);
  expect(events).toHaveLength(1);
  return events[0].event;
}

describe('a delivery in any plausible form yields the same event', () => {
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

describe('the name of an event', () => {
  test.each([
    ['follow', ['follow', 'FOLLOW', 'new_follower', 'agent.followed', 'agentFollowed', 'follows']],
    ['like', ['like', 'post.liked', 'LIKE', 'comment_liked']],
    ['comment', ['comment', 'comment.created', 'post.commented', 'NEW_COMMENT']],
    ['repost', ['repost', 'post.reposted', 'REPOST']],
    ['quote', ['quote', 'post.quoted', 'quote_post', 'QUOTE_REPOST']],
    ['mention', ['mention', 'agent.mentioned', 'comment.mention']],
    ['reply', ['reply', 'comment.reply', 'COMMENT_REPLY', 'post.replied']],
    ['message', ['message', 'direct_message', 'dm', 'dm.received', 'message.created']],
  ])('is %s in each of its forms', (kind, names) => {
    expect(names.map(toKind)).toEqual(names.map(() => kind));
  });

  test('stays what it is when the kind is not known, or is the opposite', () => {
    const names = ['order.paid', 'Unfollow', 'like.removed', 'message.read', 'test', 'dislike'];
    expect(names.map(toKind)).toEqual(names.map((name) => name.toLowerCase()));
    expect(toKind(undefined)).toBe('unknown');
  });

  test.each([
    [{ type: 'notification', notification: { type: 'LIKE', actor } }, 'like'],
    [{ event: 'notification.created', data: { type: 'FOLLOW', actor } }, 'follow'],
    [{ type: 'event', action: 'follow', actor }, 'follow'],
    // A name that says something counts, whatever stands further in.
    [{ event: 'order.updated', data: { type: 'message', actor } }, 'order.updated'],
    [{ event: 'like.removed', data: { type: 'like', actor } }, 'like.removed'],
    [{ event: 'notification', actor }, 'notification'],
  ])('is the first that says something: %j', (body, kind) => {
    expect(only(body).event).toBe(kind);
  });

  test('is taken from a header when the body has none', () => {
    const body = { actor };
    expect(only(body, { 'x-imagineanything-event': 'follow' }).event).toBe('follow');
    expect(only({ ...body, event: 'like' }, { 'x-imagineanything-event': 'follow' }).event).toBe(
      'like',
    );
    expect(only(body).event).toBe('unknown');
  });
});

describe('the agent', () => {
  test('is who did it, not to whom it happened', () => {
    const me = { id: 'agent_1', handle: 'ada_bot' };
    expect(only({ event: 'follow', agent: me, follower: actor }).agent).toEqual(actor);
    expect(only({ event: 'follow', data: { agent: me }, actor }).agent).toEqual(actor);
    expect(only({ event: 'follow', agent: me, initiator: actor }).agent).toEqual(actor);
    expect(only({ event: 'like', data: { post } }).agent).toBeNull();
  });

  test('is the author of what was written when nobody else is named', () => {
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
  ])('is the author of a %s, also where the agent to whom it happened is named', (event, data) => {
    const agent = (delivery: object) => readDelivery(delivery).events[0].event.agent;
    expect(agent({ event, agentId: 'me', data })).toEqual({ handle: 'bob' });
    expect(agent({ event, agent: { handle: 'me' }, data })).toEqual({ handle: 'bob' });
    expect(agent({ event, data: { ...data, agent: { handle: 'me' } } })).toEqual({ handle: 'bob' });
  });

  test('is named as such before the author of a post that it is about', () => {
    const data = { agent: { handle: 'bob' }, post: { id: 'p1', agent: { handle: 'me' } } };
    expect(readDelivery({ event: 'quote', data }).events[0].event.agent).toEqual({ handle: 'bob' });
  });

  test('may be a handle or an ID only', () => {
    expect(only({ event: 'follow', actor: '@bob_bot' }).agent).toEqual({ handle: 'bob_bot' });
    expect(only({ event: 'follow', data: { actorHandle: '@bob_bot' } }).agent).toEqual({
      handle: 'bob_bot',
    });
    expect(only({ event: 'follow', data: { agentId: 'agent_2' } }).agent).toEqual({
      id: 'agent_2',
    });
    expect(only({ event: 'follow' }).agent).toBeNull();
  });
});

describe('the subject', () => {
  test('may be an ID only', () => {
    expect(only({ event: 'like', data: { actor, postId: 'post_1' } }).post).toEqual({
      id: 'post_1',
    });
  });

  test('may be the data itself', () => {
    const body = { id: 'evt_1', event: 'comment', data: { ...comment } };
    expect(only(body)).toMatchObject({ id: 'evt_1', comment, agent: actor });
  });
});

describe('the time', () => {
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
  ])('%p is %p', (timestamp, expected) => {
    expect(only({ event: 'follow', timestamp }).occurredAt).toBe(expected);
  });
});

describe('the identity', () => {
  const key = (body: unknown, headers = {}) => readDelivery(body, headers).events[0].key;
  const follow = sampleDelivery('follow');

  test('is that of the event, whatever the headers are', () => {
    expect(key(follow, { 'x-a-delivery': 'd1' })).toBe(key(follow, { 'x-a-delivery': 'd2' }));
    expect(key(follow)).toBe(key({ ...follow, attempt: 2 }));
    expect(key(follow)).not.toBe(key({ ...follow, id: 'evt_2' }));
  });

  test('is that of the content when there is no ID', () => {
    const anonymous = { ...follow, id: undefined };
    expect(key(anonymous)).toBe(key({ ...anonymous }));
    expect(key(anonymous)).not.toBe(key({ ...anonymous, createdAt: '2026-01-03T00:00:00Z' }));
  });

  test('tells apart what shares an ID but is of another kind or agent', () => {
    const base = { id: 'post_1', event: 'like', createdAt, actor };
    const keys = [base, { ...base, event: 'repost' }, { ...base, actor: { id: 'agent_3' } }].map(
      (body) => key(body),
    );
    expect(new Set(keys).size).toBe(3);
    expect(key({ ...base, createdAt: '2026-01-03T00:00:00Z' })).toBe(key(base));
  });

  test('tells apart what the same agent wrote about a thing whose ID comes as that of the event', () => {
    const base = { id: 'post_1', event: 'comment', actor };
    const keys = ['c1', 'c2'].map((id) => key({ ...base, comment: { id, content: 'Hi' } }));
    expect(keys[0]).not.toBe(keys[1]);
  });

  test('is that of the content when the ID is a number that has lost its last digits', () => {
    const [one, other] = ['8', '9'].map((digit): unknown =>
      JSON.parse(`{"id":1234567890123456789${digit},"event":"comment","text":"${digit}"}`),
    );
    expect(key(one)).not.toBe(key(other));
  });

  test('of the delivery comes from its header', () => {
    expect(readDelivery(follow, { 'x-imagineanything-delivery': 'd1' }).key).toBeDefined();
    expect(readDelivery(follow, { 'x-webhook-id': 'w1' }).key).toBeUndefined();
  });

  test('is never missing in the item', () => {
    expect(only({ event: 'follow' }).id).toMatch(/^[\w-]{20}$/);
    expect(only({ event: 'follow' }, { 'x-delivery-id': 'd1' }).id).toBe('d1');
  });
});

describe('a batch', () => {
  const like = sampleDelivery('like');
  const follow = sampleDelivery('follow');

  test.each([
    [[like, follow]],
    [{ events: [like, follow] }],
    [{ notifications: [like, follow], id: 'batch_1' }],
  ])('becomes one event each, in order: %#', (body) => {
    const { events } = readDelivery(body, { 'x-a-event': 'comment' });
    expect(events.map(({ event }) => event)).toEqual([sampleOf('like'), sampleOf('follow')]);
  });

  test('keeps what stands in it twice, and gives it an identity of its own', () => {
    const anonymous = { event: 'follow', actor };
    const first = readDelivery([anonymous, anonymous]);
    expect(new Set(first.events.map(({ key }) => key)).size).toBe(2);
    expect(readDelivery([anonymous, anonymous])).toEqual(first);
  });

  test('leaves out what is no object', () => {
    expect(readDelivery([1, null, 'x', like, [like]]).events).toHaveLength(1);
    expect(readDelivery([]).events).toEqual([]);
    expect(readDelivery('x').events).toEqual([]);
  });
});

test('any JSON is read without an error, and nothing of it is lost', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.string()), (body, headers) => {
      for (const { event, key } of readDelivery(body, headers).events) {
        expect(key).toMatch(/^[\w-]{20}$/);
        expect(JSON.stringify(body)).toContain(JSON.stringify(event.raw));
      }
    }),
    RUNS,
  );
});

test('hostile members are members like any other', () => {
  const body: unknown = JSON.parse(
    '{"__proto__":{"event":"follow"},"constructor":{"name":"x"},"data":{"__proto__":{"actor":"@evil"}}}',
  );
  expect(only(body)).toMatchObject({ event: 'unknown', agent: null });
  expect(({} as Record<string, unknown>).event).toBeUndefined();
});

describe('filters', () => {
  const all: EventFilter = { events: ['*'], only: [], except: [] };
  const follow = sampleOf('follow');
  const unknown = only({ event: 'order.paid' });

  test('by kind; unknown kinds come with all only', () => {
    expect(passes(follow, { ...all, events: ['follow', 'like'] })).toBe(true);
    expect(passes(follow, { ...all, events: ['like'] })).toBe(false);
    expect(passes(unknown, all)).toBe(true);
    expect(passes(unknown, { ...all, events: [...EVENT_KINDS] })).toBe(false);
  });

  test('by handle, in any form', () => {
    const handles = toHandles('@Bob_Bot, https://imagineanything.com/agent/carol_bot\n dave_bot;');
    expect(handles).toEqual(['bob_bot', 'carol_bot', 'dave_bot']);
    expect(passes(follow, { ...all, only: handles })).toBe(true);
    expect(passes(follow, { ...all, except: handles })).toBe(false);
    expect(passes(follow, { ...all, only: ['carol_bot'] })).toBe(false);
    expect(passes(unknown, { ...all, only: handles })).toBe(false);
    expect(passes(unknown, { ...all, except: handles })).toBe(true);
    expect(toHandle(undefined)).toBe('');
    expect(toHandles('')).toEqual([]);
  });

  test('own actions, by ID or handle', () => {
    expect(passes(follow, { ...all, ignore: { id: 'agent_2', handle: '' } })).toBe(false);
    expect(passes(follow, { ...all, ignore: { id: '', handle: 'Bob_bot' } })).toBe(false);
    const byId = only({ event: 'follow', actor: 'agent_2' });
    expect(passes(byId, { ...all, ignore: { id: 'agent_2', handle: 'bob_bot' } })).toBe(false);
    expect(passes(follow, { ...all, ignore: { id: '', handle: '' } })).toBe(true);
    expect(passes(unknown, { ...all, ignore: { id: '', handle: '' } })).toBe(true);
  });
});

describe('samples', () => {
  test.each(EVENT_KINDS)('%s is read as what it is', (kind) => {
    expect(sampleOf(kind)).toMatchObject({
      event: kind,
      id: 'evt_1',
      occurredAt: createdAt,
      agent: { handle: 'bob_bot' },
      raw: sampleDelivery(kind),
    });
  });

  test('the schema for the editor is up to date', () => {
    const file = join(__dirname, '../../../nodes/ImagineAnything/__schema__/v1.0.0.json');
    const schema = `${JSON.stringify(outputSchema(), null, 2)}\n`;
    // UPDATE_SCHEMA=1 npm run test:unit -- test/unit/trigger writes it anew.
    if (process.env.UPDATE_SCHEMA) writeFileSync(file, schema);
    expect(readFileSync(file, 'utf8')).toBe(schema);
  });
});
