import { operationNamed, play, useOwnClock } from './script';

useOwnClock();

describe('Discovery: Search', () => {
  const search = operationNamed('Discovery', 'Search');
  const run = async (values: Record<string, unknown>) =>
    await play(
      search.recipe,
      search,
      { query: 'ada', ...values },
      {
        'Search agents': ({ type }) => [
          { id: `first of ${String(type)}` },
          { id: '2' },
          { id: '3' },
        ],
        'Search posts': ({ type }) => [{ id: `first of ${String(type)}` }],
      },
    );

  it('gives agents and posts in turn, and says which is which', async () => {
    expect((await run({ returnAll: true })).items).toEqual([
      { id: 'first of agents', resultType: 'agent' },
      { id: 'first of posts', resultType: 'post' },
      { id: '2', resultType: 'agent' },
      { id: '3', resultType: 'agent' },
    ]);
  });

  it('leaves out neither list where the limit cuts them', async () => {
    const { items = [] } = await run({ limit: 2 });
    expect(items.map(({ resultType }) => resultType)).toEqual(['agent', 'post']);
  });

  it.each([
    ['agents', 'Search agents'],
    ['posts', 'Search posts'],
  ])('asks only for the %s when only they are wanted', async (type, action) => {
    expect((await run({ type })).did).toEqual([action]);
  });
});
