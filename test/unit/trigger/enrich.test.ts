import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';
import { enrichEvent } from '../../../nodes/ImagineAnything/trigger/enrich';
import type { TriggerEvent } from '../../../nodes/ImagineAnything/trigger/event';

const event = (post: TriggerEvent['post']): TriggerEvent => ({
  event: 'like',
  id: 'e1',
  occurredAt: null,
  agent: { handle: 'bob' },
  post,
  raw: {},
});

/** A service that has every agent, and of the rest what is given. */
function openService(bodies: Record<string, unknown>) {
  const paths: string[] = [];
  const client: Client = {
    send: async ({ path }: ApiRequest) => {
      paths.push(path);
      if (path.startsWith('/agents/')) return { status: 200, body: { bio: 'A bot' } };
      if (!(path in bodies)) throw new Error('not found');
      return { status: 200, body: bodies[path] };
    },
    detached: () => client,
  };
  return { client, paths };
}

it('adds to an event what the service has of its agent and subject', async () => {
  const { client } = openService({ '/posts/p1': { post: { id: 'p1', content: 'Hello' } } });

  expect(await enrichEvent(client, event({ id: 'p1', likes: 2 }))).toEqual({
    ...event({ id: 'p1', likes: 2, content: 'Hello' }),
    agent: { handle: 'bob', bio: 'A bot' },
  });
});

it('keeps an event as it was delivered where details cannot be fetched, and says why', async () => {
  const { client } = openService({});

  expect(await enrichEvent(client, event({ id: 'p1' }))).toEqual({
    ...event({ id: 'p1' }),
    agent: { handle: 'bob', bio: 'A bot' },
    enrichmentError: 'not found',
  });
});

it.each([
  ['a/../b', '/posts/a%2F..%2Fb'],
  ['p1?x=1', '/posts/p1%3Fx%3D1'],
])('an ID leads nowhere else: %s', async (id, path) => {
  const { client, paths } = openService({});
  await enrichEvent(client, event({ id }));

  expect(paths).toContain(path);
});

it.each(['.', '..', '', 'x'.repeat(201)])('an ID that is none is not asked for: %j', async (id) => {
  const { client, paths } = openService({});
  const { enrichmentError } = await enrichEvent(client, event({ id }));

  expect(enrichmentError).toBe('Get post of event: the delivery has no valid ID');
  expect(paths).toEqual(['/agents/bob']);
});
