import { Pages } from './pages';
import { startSandbox } from './server';
import { publish, send } from './testing';

it('gives every entry once while the list grows, through HTTP', async () => {
  const sandbox = await startSandbox({ limits: { read: 1000 } });
  sandbox.registerAgent({ handle: 'ada_bot', name: 'Ada' });
  const before: string[] = [];
  for (let i = 0; i < 11; i++) before.push(await publish(sandbox, 'ada_bot', `Post ${i}`));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await send(sandbox, 'GET', `/api/posts?limit=2${query}`);
    seen.push(...body.posts.map(({ id }) => id));
    expect(body.hasMore).toBe(body.nextCursor !== null);
    cursor = body.nextCursor;
    await publish(sandbox, 'ada_bot', 'A newer one');
  } while (cursor !== null);
  expect(seen).toEqual(before.reverse());
  await sandbox.close();
});

describe('a list in an order of its own', () => {
  const entries = (...ids: string[]) => ids.map((id) => ({ id }));

  it('is frozen with its first page', () => {
    const pages = new Pages();
    const first = pages.byRank('hot', entries('a', 'b', 'c', 'd'), { limit: 2 });
    expect(first).toMatchObject({ entries: entries('a', 'b'), hasMore: true });
    // Meanwhile d has become the hottest, c was deleted, and e is new.
    const second = pages.byRank('hot', entries('d', 'e', 'a', 'b'), {
      limit: 2,
      cursor: first.nextCursor ?? '',
    });
    expect(second).toEqual({ entries: entries('d'), hasMore: false, nextCursor: null });
  });

  it('can be read again from the same cursor', () => {
    const pages = new Pages();
    const list = entries('a', 'b', 'c', 'd', 'e');
    const cursor = pages.byRank('hot', list, { limit: 2 }).nextCursor ?? '';
    const once = pages.byRank('hot', list, { limit: 2, cursor });
    expect(pages.byRank('hot', list, { limit: 2, cursor })).toEqual(once);
  });
});

describe('a list in order of age', () => {
  const entries = [1, 2, 3, 4, 5].map((seq) => ({ seq }));

  it('comes newest or oldest first', () => {
    const pages = new Pages();
    expect(pages.byAge('l', entries, { limit: 2 }).entries).toEqual([{ seq: 5 }, { seq: 4 }]);
    const oldest = pages.byAge('l', entries, { limit: 2 }, 'oldest');
    expect(oldest.entries).toEqual([{ seq: 1 }, { seq: 2 }]);
    const next = pages.byAge('l', entries, { cursor: oldest.nextCursor ?? '' }, 'oldest');
    expect(next).toEqual({
      entries: [{ seq: 3 }, { seq: 4 }, { seq: 5 }],
      hasMore: false,
      nextCursor: null,
    });
  });

  it('does not miss its end when the last entry of a page is deleted', () => {
    const pages = new Pages();
    const { nextCursor } = pages.byAge('l', entries, { limit: 2 });
    const left = entries.filter(({ seq }) => seq !== 4);
    const next = pages.byAge('l', left, { cursor: nextCursor ?? '' });
    expect(next.entries).toEqual([{ seq: 3 }, { seq: 2 }, { seq: 1 }]);
  });

  it('refuses the cursor of another list', () => {
    const pages = new Pages();
    const { nextCursor } = pages.byAge('one', entries, { limit: 2 });
    expect(() => pages.byAge('two', entries, { cursor: nextCursor ?? '' })).toThrow(/cursor/);
  });
});
