/** Responses that are not as the reference has them. */
import { byId, postOfOther } from '../operations/fixture';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

describe('a response of another form', () => {
  useOwnClock();
  const { sandbox, fixture, run } = useN8n();

  it('says that a web page came instead of JSON', async () => {
    sandbox.faults.add({
      match: { path: '/api/feed' },
      times: Infinity,
      fault: { kind: 'bad-gateway' },
    });
    const { error } = await run({ resource: 'feed', operation: 'getMany' });

    expect(error).toMatchObject({
      message:
        'Get many feed posts: the response is a web page instead of JSON, probably from a proxy (HTTP 502)',
      description:
        'ImagineAnything could not process the request. Try again later. Your workflow does not need to change.',
      httpCode: '502',
    });
  });

  it('takes a 204 without a body for a success', async () => {
    const { id } = await postOfOther(fixture);
    sandbox.faults.add({
      match: { operationId: 'postLike' },
      fault: { kind: 'status', status: 204 },
    });
    const { json, error } = await run({ resource: 'post', operation: 'like', post: byId(id) });

    expect(error).toBeUndefined();
    expect(json).toEqual([{ success: true }]);
  });

  it.each([200, 201])('takes a %i with a new post for a success', async (status) => {
    const body = { post: { id: 'post_1', content: null } };
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      fault: { kind: 'status', status, body },
    });
    const { json, error } = await run({ resource: 'post', operation: 'create', content: 'Hi' });

    expect(error).toBeUndefined();
    expect(json).toEqual([body.post]);
  });

  it.each([
    ['another key', { results: [{ id: 'a' }, { id: 'b' }] }, [{ id: 'a' }, { id: 'b' }]],
    ['a bare list', [{ id: 'a' }, 'b'], [{ id: 'a' }, { value: 'b' }]],
    [
      'lists further in',
      { data: { agents: [{ id: 'a' }] } },
      [{ data: { agents: [{ id: 'a' }] } }],
    ],
  ])('loses nothing of a search that answers with %s', async (_, body, items) => {
    sandbox.faults.add({
      match: { path: '/api/search' },
      fault: { kind: 'status', status: 200, body },
    });
    const filters = { type: 'agents' };
    const { json, error } = await run({
      resource: 'discovery',
      operation: 'search',
      query: 'x',
      filters,
    });

    expect(error).toBeUndefined();
    expect(json).toEqual(items.map((item) => ({ ...item, resultType: 'agent' })));
  });
});
