/** A repeated event starts the workflow once: by the body of its delivery, if that is signed, and by nothing else. */
import type { DeliverOverrides } from '../sandbox/deliveries';
import { later } from './support/clock';
import { follow, NOTHING, STARTED, useTrigger } from './support/useTrigger';

const KINDS = ['like', 'comment', 'repost', 'quote', 'mention', 'message'];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const { n8n, processed, start, deliver, unpublish } = useTrigger();

const kinds = () => n8n.started.map(({ items }) => items.map(({ json }) => json.event));
const nameless = () => follow({ event: undefined });

describe('Repeated events', () => {
  it('A repeated delivery starts one execution', async () => {
    await start();
    const once = follow();
    await Promise.all(Array.from({ length: 20 }, async () => await deliver(once)));
    await deliver({ ...once, attempt: 2 });
    expect(n8n.started).toHaveLength(1);
  });

  it('An event that another process accepted yields no item, except when its own execution runs again', async () => {
    await start({ includeRaw: true });
    await deliver(follow());
    const [{ items }] = n8n.started;
    expect(await n8n.execute('a', 'webhook', items, true)).toEqual(items);
    expect(await n8n.execute('a', 'webhook', items)).toEqual([]);
    expect(await n8n.execute('a', 'manual', items)).toEqual(items);
    expect(await n8n.execute('a', 'retry', items)).toEqual(items);
    // What came out of the trigger without the raw event cannot be told from another one.
    const output = items.map(({ json: { raw, ...json } }) => ({ json: { ...json, had: raw } }));
    expect(await n8n.execute('a', 'webhook', output)).toEqual(output);
  });

  it('A delivery is repeated until its workflow succeeds when the response waits for the last node', async () => {
    await start({ responseMode: 'lastNode' });
    const once = follow();
    n8n.failures = 1;
    expect(await deliver(once)).toEqual([500, 'started']);
    expect(await deliver(once)).toEqual(STARTED);
    expect(await deliver(once)).toEqual(NOTHING);
    expect(n8n.started.map(({ items }) => items.length)).toEqual([1, 1]);
  });

  it('A failed workflow does not make a delivery repeatable when the response does not wait for it', async () => {
    await start();
    const once = follow();
    n8n.failures = 1;
    expect(await deliver(once)).toEqual(STARTED);
    expect(await deliver(once)).toEqual(NOTHING);
    expect(n8n.started).toHaveLength(1);
  });

  it('An event is output when n8n cannot deduplicate it', async () => {
    await start();
    processed.fails = 1;
    await deliver(follow());
    expect(n8n.warnings).toEqual([]);
    processed.fails = 2;
    await deliver(follow());
    expect(n8n.warnings.join()).toContain('could not deduplicate its events');
    await deliver({ event: 'follow' });
    expect(n8n.started.map(({ items }) => items.length)).toEqual([1, 1, 1]);
  });

  it('Setting the clock back a day does not change deduplication', async () => {
    await start();
    const once = follow();
    expect(await deliver(once)).toEqual(STARTED);
    const yesterday = Date.now() - DAY;
    jest.spyOn(Date, 'now').mockImplementation(() => yesterday);
    expect(await deliver(once)).toEqual(NOTHING);
    // A new secret is read as soon as ever, and what is over is over.
    await unpublish('a');
    await n8n.activate('a');
    later(2 * HOUR);
    expect(await deliver(once)).toEqual(STARTED);
    expect(n8n.started.map(({ items }) => items.length)).toEqual([1, 0]);
  });
});

describe('Headers', () => {
  it('A header that is the same on every delivery makes none of them a duplicate', async () => {
    await start();
    const headers = {
      'X-Expected-Delivery': 'always the same',
      'X-ImagineAnything-Delivery': '1',
      'X-Delivery-Id': '1',
    };
    for (let count = 0; count < 3; count++)
      expect(await deliver(follow(), { headers })).toEqual(STARTED);
    expect(kinds()).toEqual([['follow'], ['follow'], ['follow']]);
    expect(new Set(n8n.started.map(({ items }) => items[0].json.id)).size).toBe(3);
  });

  it('A replayed body with other headers starts no execution', async () => {
    await start();
    for (const body of [follow(), nameless(), { data: { content: 'Hi' } }]) {
      const before = n8n.started.length;
      expect(await deliver(body, { headers: { 'X-Event': 'follow', 'X-Delivery': '0' } })).toEqual(
        STARTED,
      );
      for (const kind of KINDS) {
        const headers = { 'X-Event': kind, 'X-Event-Type': kind, 'X-Delivery': kind };
        expect(await deliver(body, { headers })).toEqual(NOTHING);
      }
      expect(n8n.started).toHaveLength(before + 1);
    }
    expect(kinds()).toEqual([['follow'], ['follow'], ['follow']]);
  });

  it('A replayed body with other headers yields no item in an execution', async () => {
    await start();
    const body = nameless();
    expect(await deliver(body, { headers: { 'X-Event': 'follow' } })).toEqual(STARTED);
    expect(await deliver(body, { headers: { 'X-Event': 'like' } })).toEqual(NOTHING);
    // Then only what executions recorded tells, as in the next process.
    later(2 * HOUR);
    for (const kind of KINDS) await deliver(body, { headers: { 'X-Event': kind } });
    expect(kinds()).toEqual([['follow'], []]);
  });

  it('A header names an event whose signed body does not, if the delivery came to the secret URL', async () => {
    await start({}, ['follow']);
    const headers = { 'X-ImagineAnything-Event': 'NEW_FOLLOWER' };
    expect(await deliver(nameless())).toEqual(NOTHING);
    expect(await deliver(nameless(), { headers })).toEqual(STARTED);
    expect(kinds()).toEqual([['follow']]);
  });

  it('A header names an unverified event, but does not change its key', async () => {
    await start({ verification: 'address' }, ['follow']);
    const body = { actor: { handle: 'someone' }, postId: 'p1' };
    const unsigned = (kind: string, id: string): DeliverOverrides => ({
      sign: 'none',
      headers: { 'X-Event': kind, 'X-Delivery': id },
    });
    expect(await deliver(body, unsigned('like', '1'))).toEqual(NOTHING);
    expect(await deliver(body, unsigned('follow', '1'))).toEqual(STARTED);
    expect(await deliver(body, unsigned('followed', '2'))).toEqual(NOTHING);
    expect(await deliver({ ...body, postId: 'p2' }, unsigned('follow', '1'))).toEqual(STARTED);
    expect(kinds()).toEqual([['follow'], ['follow']]);
    expect(n8n.started[0].items[0].json).toMatchObject({ id: '1' });
  });
});
