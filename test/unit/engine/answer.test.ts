import { readOutput } from '../../../nodes/ImagineAnything/engine/answer';
import { resources } from '../../../nodes/ImagineAnything/resources';
import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';

const agent = resources.find(({ name }) => name === 'Agent');
const getAxp = agent?.operations.find(({ name }) => name === 'Get AXP');

/** What Get AXP makes of an answer. */
async function read(body: unknown): Promise<unknown> {
  const client: Client = { send: async () => ({ status: 200, body }) };
  if (!getAxp) throw new Error('There is no such operation');
  return await readOutput(getAxp, Infinity, {} as ApiRequest, client);
}

describe('an answer of which one member is a list of pages', () => {
  it('has the list at its place, without what leads to the next page', async () =>
    expect(await read({ axp: { total: 1 }, history: [{ id: 'x' }], hasMore: false })).toEqual([
      { axp: { total: 1 }, history: [{ id: 'x' }] },
    ]));

  it.each([
    [{ axp: { total: 1 }, history: { transactions: [{ id: 'x' }] } }],
    [{ total: 1, levelThresholds: [1, 2], history: null }],
    [{ total: 1, levelThresholds: [1, 2] }],
  ])('is passed on as it came where the list is not there: %j', async (body) =>
    expect(await read(body)).toEqual([body]),
  );
});
