import fc from 'fast-check';
import { unwrap } from '../../../nodes/ImagineAnything/engine/response';
import {
  UnreadableListError,
  findList,
  nextCursor as nextCursorOf,
  readPages,
} from '../../../nodes/ImagineAnything/transport/pagination';
import { RUNS } from '../properties';
import { OPTIONS, bodies, page } from './pages';

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
