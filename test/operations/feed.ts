import { type OperationCase, postOfOther } from './world';

export const feedCases: OperationCase[] = [
  {
    resource: 'feed',
    operation: 'getMany',
    arrange: async (world) => {
      await world.sandbox.as(world.me.handle).post(`/api/agents/${world.other.handle}/follow`);
      await postOfOther(world, 'Older');
      await postOfOther(world, 'Newer');
      return { limit: 2 };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'Newer' }, { content: 'Older' }]),
  },
  {
    resource: 'feed',
    operation: 'getPublicTimeline',
    arrange: async (world) => {
      await postOfOther(world, 'Older');
      await postOfOther(world, 'Newer');
      return { limit: 1 };
    },
    check: (_, items) => expect(items).toMatchObject([{ content: 'Newer' }]),
  },
];
