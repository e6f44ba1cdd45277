import fc from 'fast-check';
import { unwrap } from '../../../nodes/ImagineAnything/engine/response';
import {
  UnreadableListError,
  findList,
  nextCursor as nextCursorOf,
  readPages,
} from '../../../nodes/ImagineAnything/transport/pagination';
import { RUNS } from '../properties';

const OPTIONS = { limit: Infinity, pageSize: 100, paged: true, key: 'posts' };

/** Gives these bodies one after another. */
function bodies(...pages: unknown[]) {
  const asked: Array<Record<string, string>> = [];
  const load = async (query: Record<string, string>) => {
    asked.push(query);
    return { status: 200, body: pages[asked.length - 1] };
  };
  return { load, asked };
}

const page = (ids: string[], cursor?: string) => ({
  posts: ids.map((id) => ({ id })),
  nextCursor: cursor ?? null,
});

describe('pages', () => {
  it('are read up to the limit, and no page is larger than what is left', async () => {
    const { load, asked } = bodies(page(['a', 'b'], 'c1'), page(['c', 'd'], 'c2'));
    const { entries } = await readPages(load, { ...OPTIONS, limit: 3, pageSize: 2 });

    expect(entries).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    expect(asked).toEqual([{ limit: '2' }, { limit: '1', cursor: 'c1' }]);
  });

  it('give an entry once that moved on while they were read', async () => {
    const { load } = bodies(page(['a', 'b'], 'c1'), page(['b', 'c']));
    const { entries } = await readPages(load, OPTIONS);

    expect(entries).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  });

  it('end with an error when a cursor comes again', async () => {
    const { load } = bodies(page(['a'], 'c1'), page(['b'], 'c2'), page(['c'], 'c1'));
    await expect(readPages(load, OPTIONS)).rejects.toThrow(UnreadableListError);
  });

  it('end with an error when ever new cursors bring nothing new', async () => {
    const { load } = bodies(...Array.from({ length: 50 }, (_, index) => page([], `c${index}`)));
    await expect(readPages(load, OPTIONS)).rejects.toThrow('without a new entry');
  });

  it.each([
    ['hasMore', { hasMore: false }],
    ['pagination.hasMore', { pagination: { hasMore: false } }],
    ['pagination.hasMore next to its cursor', { pagination: { hasMore: false, nextCursor: 'c2' } }],
    ['hasMore against pagination', { hasMore: false, pagination: { nextCursor: 'c2' } }],
  ])('stop where the service says that there is no more: %s', async (_, members) => {
    const { load, asked } = bodies({ ...page(['a'], 'c1'), ...members }, page(['b']));
    await readPages(load, OPTIONS);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['beside the list', { nextCursor: 'c1' }, 'c1'],
    ['in pagination', { pagination: { nextCursor: 'c1', hasMore: true } }, 'c1'],
    ['beside an empty place for it', { nextCursor: 'c1', pagination: { nextCursor: null } }, 'c1'],
    ['as a number', { nextCursor: 0 }, '0'],
  ])('go on at the cursor %s', async (_, members, cursor) => {
    const { load, asked } = bodies({ posts: [{ id: 'a' }], ...members }, page(['b']));
    const { entries } = await readPages(load, OPTIONS);
    expect(entries).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(asked[1]).toMatchObject({ cursor });
  });
});

describe('no entry is lost', () => {
  it.each([
    ['null', [null, null, null]],
    ['empty text', ['', '', '']],
    ['an object', [{}, {}, {}]],
    ['too large a number', [2 ** 60, 2 ** 60, 2 ** 60]],
    ['missing', [undefined, undefined, undefined]],
    ['true', [true, true, true]],
  ])('where the ID is %s', async (_, ids) => {
    const pages = ids.map((id, index) => ({
      posts: [
        { id, text: `${index} a` },
        { id, text: `${index} b` },
      ],
      nextCursor: index === 2 ? null : `c${index}`,
    }));
    const { load } = bodies(...pages);
    const { entries } = await readPages(load, OPTIONS);
    expect(entries).toEqual(pages.flatMap(({ posts }) => posts));
  });

  it('where a number and a text look alike', async () => {
    const { load } = bodies(
      { posts: [{ id: 1 }], nextCursor: 'c1' },
      { posts: [{ id: '1' }, { id: 1 }] },
    );
    const { entries } = await readPages(load, OPTIONS);
    expect(entries).toEqual([{ id: 1 }, { id: '1' }]);
  });

  it('where a page has none', async () => {
    const { load } = bodies(
      page(['a'], 'c1'),
      { posts: null, nextCursor: 'c2' },
      page([], 'c3'),
      page(['b'], 'c4'),
      undefined,
    );
    const { entries } = await readPages(load, OPTIONS);
    expect(entries).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it.each([
    [{ message: 'Down for maintenance' }],
    [{ nextCursor: 'c2' }],
    [{ posts: { id: 'b' } }],
    ['a web page'],
    [null],
  ])('without a word where a page is %j', async (body) => {
    const { load } = bodies(page(['a'], 'c1'), body);
    await expect(readPages(load, OPTIONS)).rejects.toThrow(
      new UnreadableListError('the service returned a page without a list'),
    );
  });

  it.each([
    [{ id: 'x' }, 'that is neither text nor a number'],
    [true, 'that is neither text nor a number'],
    [['c1'], 'that is neither text nor a number'],
    [2 ** 60, 'that is neither text nor a number'],
    ['x'.repeat(4097), 'of 4097 characters, but at most 4096 can be sent'],
  ])('without a word where the cursor is of another kind', async (nextCursor, says) => {
    const { load, asked } = bodies({ posts: [{ id: 'a' }], nextCursor }, page(['b']));
    await expect(readPages(load, OPTIONS)).rejects.toThrow(
      new UnreadableListError(`the service returned a cursor ${says}`),
    );
    expect(asked).toHaveLength(1);
    expect(nextCursorOf({ nextCursor })).toBeUndefined();
  });

  const anyId = fc.oneof(
    fc.constantFrom<unknown>(null, undefined, '', 0, 1, '1', 2 ** 53, 2 ** 60, true),
    fc.string({ maxLength: 2 }),
    fc.integer({ min: 0, max: 5 }),
    fc.jsonValue({ maxDepth: 1 }),
  );

  it('whatever the IDs are, and none that has one comes twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.uniqueArray(anyId, {
            selector: (id) => JSON.stringify([typeof id, id]),
            maxLength: 4,
          }),
          { minLength: 1, maxLength: 5 },
        ),
        async (lists) => {
          let count = 0;
          const pages = lists.map((ids, index) => ({
            posts: ids.map((id) => ({ id, number: count++ })),
            nextCursor: index === lists.length - 1 ? null : `c${index}`,
          }));
          const { entries } = await readPages(bodies(...pages).load, OPTIONS);
          const known = new Set<unknown>();
          const expected = pages
            .flatMap(({ posts }) => posts)
            .filter(({ id }) => {
              const isIdentity = (typeof id === 'string' && id !== '') || Number.isSafeInteger(id);
              const isKnown = isIdentity && known.has(id);
              if (isIdentity) known.add(id);
              return !isKnown;
            });
          expect(entries).toEqual(expected);
        },
      ),
      RUNS,
    );
  });
});

/** Gives ever new pages. */
function endless(entriesOf: (page: number) => unknown[]) {
  let pages = 0;
  const load = async () => {
    pages += 1;
    return { status: 200, body: { posts: entriesOf(pages), nextCursor: `c${pages}` } };
  };
  return { load, pages: () => pages };
}

describe('a list without end', () => {
  it.each([
    ['the same entries without IDs', () => [{ text: 'a' }, { text: 'b' }], 11],
    ['two pages in turn', (number: number) => [{ text: `${number % 2}` }], 12],
    ['entries whose IDs are null', () => [{ id: null }], 11],
    ['the same plain values', () => [1, 2], 11],
  ])('ends where it gives %s', async (_, entriesOf, most) => {
    const { load, pages } = endless(entriesOf);
    await expect(readPages(load, OPTIONS)).rejects.toThrow('10 pages in a row without a new entry');
    expect(pages()).toBe(most);
  });

  it('ends at 100,000 entries where nobody said how many', async () => {
    const { load, pages } = endless((number) =>
      Array.from({ length: 100 }, (_, index) => ({ id: `${number} ${index}` })),
    );
    await expect(readPages(load, OPTIONS)).rejects.toThrow(
      new UnreadableListError(
        'the list has more than 100,000 entries. Set Limit to read only the first ones.',
      ),
    );
    expect(pages()).toBe(1001);
  });

  it('is read further where the user asks for more', async () => {
    const { load } = endless((number) =>
      Array.from({ length: 1000 }, (_, index) => ({ id: number * 1000 + index })),
    );
    const { entries } = await readPages(load, { ...OPTIONS, limit: 120_000 });
    expect(entries).toHaveLength(120_000);
  });

  it('ends at 10,000 pages', async () => {
    const { load, pages } = endless((number) => [{ id: number }]);
    await expect(readPages(load, OPTIONS)).rejects.toThrow(
      'the service returned 10,000 pages and has more. Set Limit',
    );
    expect(pages()).toBe(10_000);
  });

  it('ends where it becomes too large', async () => {
    const text = 'x'.repeat(16 * 1024 * 1024);
    const { load, pages } = endless((number) => [{ id: number, text }]);
    await expect(readPages(load, OPTIONS)).rejects.toThrow(
      'the list is larger than 128 MB. Set Limit',
    );
    expect(pages()).toBe(8);
  });
});

describe('a list of 150,000 entries in one answer', () => {
  const posts = Array.from({ length: 150_000 }, (_, index) => ({ id: index }));

  it.each([
    ['one page', [{ posts, nextCursor: 'c1' }]],
    ['a page after another', [page(['a'], 'c0'), { posts, nextCursor: 'c1' }]],
    ['a bare list', [posts]],
  ])('is cut to the limit: %s', async (_, pages) => {
    const { load, asked } = bodies(...pages);
    const { entries } = await readPages(load, { ...OPTIONS, limit: 50 });
    expect(entries).toHaveLength(50);
    expect(asked).toHaveLength(pages.length);
  });

  it('is too long where nobody said how many', async () => {
    const { load } = bodies({ posts });
    await expect(readPages(load, OPTIONS)).rejects.toThrow('more than 100,000 entries');
  });

  it('is read where the user asks for it', async () => {
    const { load } = bodies({ posts });
    const { entries } = await readPages(load, { ...OPTIONS, limit: 200_000 });
    expect(entries).toEqual(posts);
  });
});

it('a cursor is cut in the error that quotes it', async () => {
  const cursor = 'x'.repeat(4000);
  const { load } = bodies(page(['a'], cursor), page(['b'], cursor));
  const error = await readPages(load, OPTIONS).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(/^the service returned the cursor "x{99}…" twice/);
});

describe('answers are found wherever they are', () => {
  it.each([
    [{ posts: [1], others: [2] }, [1]],
    [{ data: [1] }, [1]],
    [[1], [1]],
    [{ a: [1], b: [2] }, undefined],
    ['text', undefined],
  ])('%j', (body, list) => expect(findList(body, 'posts')).toEqual(list));

  it.each([
    [{ post: { id: 'p' } }, { id: 'p' }],
    [{ id: 'p' }, { id: 'p' }],
    [
      { post: { id: 'p' }, earned: 5 },
      { id: 'p', earned: 5 },
    ],
    [undefined, { success: true }],
    [[1], { data: [1] }],
  ])('%j', (body, data) => expect(unwrap(body, 'post')).toEqual(data));

  it('and nothing makes the reading throw', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (body, key) => {
        expect(() => [findList(body, key), nextCursorOf(body), unwrap(body, key)]).not.toThrow();
      }),
      RUNS,
    );
  });
});
