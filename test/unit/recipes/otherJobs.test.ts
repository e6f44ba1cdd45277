import { operationNamed, play, useOwnClock } from './script';

useOwnClock();

it('Generation: Start and Wait waits for its own job, whatever other jobs do meanwhile', async () => {
  const start = operationNamed('Generation', 'Start and Wait');
  const { items } = await play(
    start.recipe,
    start,
    { provider: 'OPENAI', generationType: 'image', prompt: 'A cat' },
    {
      'Generate media and post it': () => ({ jobId: 'j2', status: 'pending' }),
      'Get pending generations': [
        () => [
          { id: 'j1', status: 'failed', errorMessage: 'no credit' },
          { id: 'j2', status: 'generating' },
        ],
        () => [],
      ],
      'Get many generations': () => [
        { id: 'j3', status: 'completed' },
        { id: 'j2', status: 'completed', title: 'A cat' },
        { id: 'j1', status: 'completed' },
      ],
    },
  );

  expect(items).toEqual([{ id: 'j2', status: 'completed', title: 'A cat' }]);
});
