import { hostileGroups, type HostileBehaviour } from '../hostile';
import { namesOf, useHostileSandbox } from './useHostileSandbox';

const hostile = useHostileSandbox();

interface ListPage {
  posts: unknown;
  nextCursor?: unknown;
  hasMore?: unknown;
  pagination?: { hasMore: boolean; nextCursor?: unknown };
}

/** The text and the values of up to four pages of a list. */
async function pages(behaviour: HostileBehaviour): Promise<Array<ListPage & { text: string }>> {
  const seen: Array<ListPage & { text: string }> = [];
  let cursor: unknown;
  while (seen.length < 4) {
    const query = typeof cursor === 'string' ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const { body } = await hostile
      .openHostile(behaviour, { path: `/api/posts?limit=5${query}` })
      .untilClosed();
    const page = JSON.parse(body.toString()) as ListPage;
    seen.push({ ...page, text: body.toString() });
    cursor = page.nextCursor;
    if (typeof cursor !== 'string') break;
  }
  return seen;
}

const idsOf = (page: ListPage) => (page.posts as Array<{ id: unknown }>).map(({ id }) => id);

type Pages = Awaited<ReturnType<typeof pages>>;

const cursorsOf = (seen: Pages) => seen.map(({ nextCursor }) => nextCursor);
const differ = (values: unknown[]) => expect(new Set(values).size).toBe(values.length);

const lists: Record<keyof typeof hostileGroups.lists, (seen: Pages) => void> = {
  'repeated-cursor': (seen) => {
    expect(new Set(cursorsOf(seen)).size).toBe(1);
    expect(seen).toHaveLength(4);
  },
  'cursors-in-a-circle': (seen) =>
    expect(cursorsOf(seen)).toEqual(['page-1', 'page-2', 'page-3', 'page-1']),
  'empty-pages': (seen) => {
    differ(cursorsOf(seen));
    expect(seen.map(({ posts }) => posts)).toEqual([[], [], [], []]);
  },
  'same-entries': (seen) => {
    differ(cursorsOf(seen));
    expect(new Set(seen.flatMap(idsOf)).size).toBe(3);
  },
  'same-entries-without-ids': (seen) => {
    differ(cursorsOf(seen));
    expect(new Set(seen.map(({ posts }) => JSON.stringify(posts)))).toEqual(
      new Set(['[{"content":"Hello"}]']),
    );
  },
  'entries-without-ids': (seen) => {
    differ(cursorsOf(seen));
    differ(seen.map(({ posts }) => JSON.stringify(posts)));
    expect(seen.map((page) => idsOf(page).length)).toEqual([5000, 5000, 5000, 5000]);
    expect(new Set(seen.flatMap(idsOf))).toEqual(new Set([undefined]));
  },
  'endless-entries': (seen) => {
    differ(cursorsOf(seen));
    differ(seen.flatMap(idsOf));
    expect(seen.flatMap(idsOf)).toHaveLength(20);
  },
  'endless-large-pages': (seen) => {
    differ(cursorsOf(seen));
    differ(seen.flatMap(idsOf));
    expect(seen.flatMap(idsOf)).toHaveLength(20_000);
  },
  'null-ids': (seen) => {
    expect(seen.map(idsOf)).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    differ(seen.map(({ posts }) => JSON.stringify(posts)));
  },
  'big-ids': (seen) => {
    differ(seen.map(({ text }) => /"id":(\d{19})/.exec(text)?.[1]));
    expect(new Set(seen.flatMap(idsOf)).size).toBe(1);
    expect(seen).toHaveLength(3);
  },
  'has-more-is-false': ([page]) =>
    expect(page).toMatchObject({ hasMore: false, nextCursor: 'page-1' }),
  'pagination-says-no-more': ([page]) => {
    const pagination = { hasMore: false, nextCursor: 'page-1' };
    expect(page).toEqual({ posts: page.posts, pagination, text: page.text });
    expect(page.posts).toHaveLength(3);
  },
  'pagination-beside-a-cursor': ([page]) => {
    expect(page).toMatchObject({ pagination: { hasMore: false }, nextCursor: 'page-1' });
    expect(page).not.toHaveProperty('hasMore');
  },
  'too-many-entries': (seen) =>
    expect(seen.map((page) => idsOf(page).length)).toEqual([50, 50, 50, 50]),
  'odd-cursor': ([page]) => expect(page.nextCursor).toEqual({ toString: 1 }),
  'cursor-with-a-path': (seen) => {
    expect(cursorsOf(seen)).toEqual(['../../agents/me?cursor=page-2&limit=0#', null]);
  },
  'odd-entries': ([page]) => expect(page.posts).toHaveLength(10 + 1),
  'list-is-an-object': ([page]) => expect(page.posts).toHaveProperty('length', 1e9),
  'poisoned-entries': ([page]) => expect(idsOf(page)[0]).toEqual({ toString: 1, valueOf: 1 }),
};

describe('lists', () => {
  it.each(Object.entries(lists) as Array<[HostileBehaviour, (seen: Pages) => void]>)(
    '%s sends its pages as described',
    async (behaviour, check) => check(await pages(behaviour)),
  );

  it.each(namesOf(hostileGroups.lists))(
    '%s gives the right answer where there is no list',
    async (behaviour) => {
      const { body } = await hostile
        .openHostile(behaviour, { path: '/api/agents/me' })
        .untilClosed();
      expect(JSON.parse(body.toString())).toEqual(
        await hostile.sandbox.as('ada_bot').get('/api/agents/me'),
      );
    },
  );
});
