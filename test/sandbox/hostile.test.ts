import { hostileNames } from './hostile';
import { startSandbox } from './server';
import { MIB, type RawRequest, until, useHostileSandbox } from './hostile/useHostileSandbox';

const hostile = useHostileSandbox();

describe('hostile answers', () => {
  it('ends every hostile answer when the sandbox closes', async () => {
    const own = await startSandbox();
    const connections = hostileNames.map((behaviour) => {
      hostile.addFault(behaviour, { maxBytes: 4 * MIB }, own);
      return hostile.open({}, own);
    });
    await until(() => own.requests.length === hostileNames.length);
    await own.close();
    await Promise.all(connections.map(async (connection) => await connection.untilClosed()));
    await until(() => own.hostileAnswers === 0);
    expect(own.internalErrors).toEqual([]);
  });

  it('ends every hostile answer within its bounds of time and size', async () => {
    const connections = hostileNames.map((behaviour) =>
      hostile.openHostile(behaviour, {}, { maxMs: 300, maxBytes: MIB }),
    );
    for (const connection of connections) {
      const { size } = await connection.untilClosed();
      expect(size).toBeLessThanOrEqual(MIB);
    }
    await until(() => hostile.sandbox.hostileAnswers === 0);
  });
});

describe('requests with a hostile answer', () => {
  const create = (): RawRequest => ({ method: 'POST', body: JSON.stringify({ content: 'Four' }) });

  it.each([
    ['drip-body', 1],
    ['html-with-json', 1],
    ['never-answer', 0],
    ['error-as-success', 0],
  ] as const)('with %s, a write takes effect %d times', async (behaviour, effects) => {
    const before = hostile.sandbox.state.posts.size;
    const rule = hostile.addFault(behaviour);
    const { socket } = hostile.open(create());
    await until(
      () => rule.hits === 1 && hostile.sandbox.hostileAnswers + Number(socket.destroyed) > 0,
    );
    expect(hostile.sandbox.state.posts.size - before).toBe(effects);
    expect(hostile.sandbox.requests.at(-1)).toMatchObject({
      fault: 'hostile',
      applied: effects === 1,
    });
    socket.destroy();
    await until(() => hostile.sandbox.hostileAnswers === 0);
  });

  it('records a request with the status that was sent', async () => {
    await hostile.openHostile('unknown-status').untilClosed();
    expect(hostile.sandbox.requests.at(-1)).toMatchObject({ status: 799, fault: 'hostile' });
  });
});
