/** Pages that do not lead to the end of a list, or do not say what they should. */
import { useN8n } from './support/useN8n';

describe('a service that pages badly', () => {
  const { sandbox, run } = useN8n();

  const timeline = { resource: 'feed', operation: 'getPublicTimeline', returnAll: true };

  /** Answers the next request with this page. */
  function page(ids: string[], nextCursor: string | null, times = 1): void {
    sandbox.faults.add({
      match: { operationId: 'feedGetManyPublic' },
      times,
      fault: {
        kind: 'status',
        status: 200,
        body: { posts: ids.map((id) => ({ id })), nextCursor, hasMore: nextCursor !== null },
      },
    });
  }

  it('an entry that moved to the next page comes once', async () => {
    page(['a', 'b'], '2');
    page(['b', 'c'], '4');
    page(['c'], null);
    const { json } = await run(timeline);

    expect(json.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('a cursor that is repeated at once ends with an error', async () => {
    page(['a'], 'same', Infinity);
    const { error } = await run(timeline);

    expect(error?.message).toContain(
      'the service returned the cursor "same" twice, so the list never ends',
    );
    expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(2);
  });

  it('cursors that go round in a circle end with an error', async () => {
    page(['a'], 'one');
    page(['b'], 'two');
    page(['c'], 'three');
    page(['d'], 'one');
    const { error, items } = await run(timeline);

    expect(error?.message).toContain('the service returned the cursor "one" twice');
    expect(items).toEqual([]);
    expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(4);
  });

  it('ever new cursors without a new entry end with an error', async () => {
    page(['a'], 'first');
    for (let i = 0; i < 20; i++) page(i % 2 === 0 ? [] : ['a'], `cursor_${i}`);
    const { error } = await run(timeline);

    expect(error?.message).toContain('the service returned 10 pages in a row without a new entry');
    expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(11);
  });

  /** Answers the next requests with these bodies. */
  function answer(...bodies: unknown[]): void {
    for (const body of bodies) {
      sandbox.faults.add({
        match: { operationId: 'feedGetManyPublic' },
        fault: { kind: 'status', status: 200, body },
      });
    }
  }

  it.each([
    ['null', () => 'null'],
    ['an object', () => '{"toString":1}'],
    ['too large a number', (index: number) => `90071992547409${93 + index}`],
  ])('entries are not taken for the same where their ID is %s', async (_, id) => {
    // As text, because the numbers would lose their last digits here.
    const entries = Array.from({ length: 6 }, (_each, index) => `{"id":${id(index)}}`);
    for (const [posts, next] of [
      [entries.slice(0, 2), '"2"'],
      [entries.slice(2, 5), '"5"'],
      [entries.slice(5), 'null'],
    ] as const) {
      sandbox.faults.add({
        match: { operationId: 'feedGetManyPublic' },
        fault: {
          kind: 'status',
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: `{"posts":[${posts.join(',')}],"nextCursor":${next}}`,
        },
      });
    }
    const { json, error } = await run(timeline);

    expect(error).toBeUndefined();
    expect(json).toHaveLength(6);
  });

  it('numbers and texts are known again as well', async () => {
    answer(
      { posts: [{ id: 1 }, { id: 'b' }], nextCursor: '2' },
      { posts: [{ id: 'b' }, { id: 1 }, { id: '1' }], nextCursor: null },
    );
    expect((await run(timeline)).json).toEqual([{ id: 1 }, { id: 'b' }, { id: '1' }]);
  });

  it('there is no more where pagination says so', async () => {
    answer({ posts: [{ id: 'a' }], pagination: { hasMore: false, nextCursor: 'two' } });
    const { json, error } = await run(timeline);

    expect(error).toBeUndefined();
    expect(json).toEqual([{ id: 'a' }]);
    expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(1);
  });

  it('a page without a list does not end it without a word', async () => {
    answer({ posts: [{ id: 'a' }], nextCursor: 'two' }, { message: 'Down for maintenance' });
    const { items, error } = await run(timeline);

    expect(error?.message).toBe(
      'Get many public timeline posts: the service returned a page without a list',
    );
    expect(items).toEqual([]);
  });

  it('ever new cursors with the same entries without IDs end with an error', async () => {
    answer(
      ...Array.from({ length: 20 }, (_, index) => ({
        posts: [{ content: 'same' }],
        nextCursor: `cursor_${index}`,
      })),
    );
    const { error } = await run(timeline);

    expect(error?.message).toContain('the service returned 10 pages in a row without a new entry');
    expect(sandbox.requests.of('feedGetManyPublic')).toHaveLength(11);
  });

  it('150,000 entries at once are cut to the limit, and too many without one', async () => {
    const posts = Array.from({ length: 150_000 }, (_, id) => ({ id }));
    answer({ posts, nextCursor: 'more' }, { posts }, { posts });
    const limited = await run({ ...timeline, returnAll: false, limit: 50 });

    expect(limited.error).toBeUndefined();
    expect(limited.json).toEqual(posts.slice(0, 50));

    const { error } = await run(timeline);
    expect(error?.message).toContain(
      'the list has more than 100,000 entries. Set Limit to read only the first entries.',
    );

    const all = await run({ ...timeline, returnAll: false, limit: 150_000 });
    expect(all.error).toBeUndefined();
    expect(all.json).toHaveLength(150_000);
  });

  it('an empty page in between is no end', async () => {
    page(['a'], 'one');
    page([], 'two');
    page(['b'], null);
    const { json } = await run(timeline);

    expect(json.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('a repeated cursor is of no interest once the limit is reached', async () => {
    page(['a'], 'same', Infinity);
    const { json, error } = await run({ ...timeline, returnAll: false, limit: 1 });

    expect(error).toBeUndefined();
    expect(json).toMatchObject([{ id: 'a' }]);
  });
});
