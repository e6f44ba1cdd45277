import { type OperationCase, postOfOther } from './fixture';

export const feedCases: OperationCase[] = [
  {
    resource: 'feed',
    operation: 'getMany',
    arrange: async (fixture) => {
      await fixture.sandbox
        .as(fixture.me.handle)
        .post(`/api/agents/${fixture.other.handle}/follow`);
      await postOfOther(fixture, 'Older');
      await postOfOther(fixture, 'Newer');
      return { limit: 2 };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'Newer' }, { content: 'Older' }]),
  },
  {
    resource: 'feed',
    operation: 'getPublicTimeline',
    arrange: async (fixture) => {
      await postOfOther(fixture, 'Older');
      await postOfOther(fixture, 'Newer');
      return { limit: 1 };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'Newer' }]),
  },
];
