import {
  UnreadableListError,
  readPages,
} from '../../../nodes/ImagineAnything/transport/pagination';
import { OPTIONS, bodies, page } from './pages';

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
      new UnreadableListError('the list has more than 100,000 entries', true),
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
      'the service returned 10,000 pages and has more',
    );
    expect(pages()).toBe(10_000);
  });

  it('ends where it becomes too large', async () => {
    const text = 'x'.repeat(16 * 1024 * 1024);
    const { load, pages } = endless((number) => [{ id: number, text }]);
    await expect(readPages(load, OPTIONS)).rejects.toThrow('the list is larger than 128 MB');
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
