/** An event is never lost because its details cannot be fetched, and never gets those of something else. */
import type { Client } from '../../../nodes/ImagineAnything/transport/client';
import { enrichEvent } from '../../../nodes/ImagineAnything/trigger/execution/enrich';
import type { TriggerEvent } from '../../../nodes/ImagineAnything/trigger/events/event';

const EVENT: TriggerEvent = {
  event: 'comment',
  id: 'e1',
  occurredAt: null,
  agent: { handle: 'bob' },
  post: { id: 'p1' },
  comment: { id: 'c1' },
  raw: {},
};

/** A service that has the agent and these comments, and refuses everything else. */
function serviceWith(comments: object[]): Client {
  const client: Client = {
    send: async ({ path }) => {
      if (path.startsWith('/agents/')) return { status: 200, body: { bio: 'A bot' } };
      if (path.endsWith('/comments')) return { status: 200, body: { comments } };
      throw new Error('no access');
    },
    detached: () => client,
  };
  return client;
}

it('An event keeps what was delivered where the rest cannot be fetched, and says why', async () => {
  const comments = [{ id: 'c1', content: 'Hi' }];

  expect(await enrichEvent(serviceWith(comments), EVENT)).toEqual({
    ...EVENT,
    agent: { handle: 'bob', bio: 'A bot' },
    comment: { id: 'c1', content: 'Hi' },
    enrichmentError: 'no access',
  });
});

it('An event does not get another comment where its own is gone', async () => {
  const output = await enrichEvent(serviceWith([{ id: 'c2', content: 'Not me' }]), EVENT);

  expect(output.comment).toEqual({ id: 'c1' });
  expect(output.enrichmentError).toContain('not among the newest 100 comments');
});
