import fc from 'fast-check';
import { unwrap } from '../../../nodes/ImagineAnything/engine/answer';
import {
  UnreadableList,
  findList,
  nextCursor,
  readPages,
} from '../../../nodes/ImagineAnything/transport/pages';
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
    await expect(readPages(load, OPTIONS)).rejects.toThrow(UnreadableList);
  });

  it('end with an error when ever new cursors bring nothing new', async () => {
    const { load } = bodies(...Array.from({ length: 50 }, (_, index) => page([], `c${index}`)));
    await expect(readPages(load, OPTIONS)).rejects.toThrow('without a new entry');
  });

  it('stop where the service says that there is no more', async () => {
    const { load, asked } = bodies({ ...page(['a'], 'c1'), hasMore: false });
    await readPages(load, OPTIONS);
    expect(asked).toHaveLength(1);
  });
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
        expect(() => [findList(body, key), nextCursor(body), unwrap(body, key)]).not.toThrow();
      }),
      RUNS,
    );
  });
});
