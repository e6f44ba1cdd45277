import { late, operationNamed, play, useOwnClock } from './script';

useOwnClock();

describe('Conversation: Find or Start', () => {
  const findOrStart = operationNamed('Conversation', 'Find or Start');

  const values = { agent: 'ada_bot', message: 'Hi' };

  const run = async (conversations: object[], me: unknown = 'me') =>
    await play(findOrStart.recipe, findOrStart, values, {
      'Get many conversations': () => conversations as never,
      'Start conversation': () => ({ id: 'new' }),
      'Send message': ({ conversation, content }) => ({ to: conversation, content }) as never,
      'Get profile': () => ({ handle: me }) as never,
    });

  it.each([
    { participant: { handle: 'ada_bot' } },
    { participant: { handle: '@Ada_Bot' } },
    { participants: [{ handle: 'me' }, { handle: 'ada_bot' }] },
    { participants: ['me', 'ada_bot'] },
  ])('continues %j', async (conversation) => {
    const { items } = await run([
      { id: 'c0', participant: { handle: 'ada' } },
      { id: 'c1', ...conversation },
    ]);
    expect(items).toMatchObject([{ isNew: false, message: { to: 'c1', content: 'Hi' } }]);
  });

  it.each(['ada_bot', '@Ada_Bot', null, '', 7, { toString: 1 }])(
    'sends nothing to a stranger where the own agent is %j',
    async (me) => {
      const { items } = await run([{ id: 'c0', participants: ['ada_bot', 'stranger'] }], me);
      expect(items).toEqual([{ isNew: true, conversation: { id: 'new' } }]);
    },
  );

  it('starts one where there is none', async () => {
    const { items } = await run([{ id: 'c0', participant: null }]);
    expect(items).toEqual([{ isNew: true, conversation: { id: 'new' } }]);
  });

  it('gives up looking for one after two minutes, and says that nothing was sent', async () => {
    const { error, did } = await play(findOrStart.recipe, findOrStart, values, {
      'Get many conversations': late(200_000),
    });
    expect(did).toEqual(['Get many conversations']);
    expect(error?.message).toBe('Get many conversations: too late');
    expect(error?.description).toMatch(/^Nothing was sent, .* longer than 2 minutes/);
  });
});
