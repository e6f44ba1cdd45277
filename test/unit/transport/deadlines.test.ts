import { resetProcess } from '../../../credentials/memory/processMap';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { deadlineIn } from '../../../credentials/http/deadline';
import { finish, useClock } from './support/clock';
import { FakeN8n } from './support/n8n';
import { FEED, signedIn } from './support/requests';

useClock();
beforeEach(resetProcess);

it.each([
  ['the client', 2000, 5000],
  ['the request', 5000, 2000],
])('of two deadlines the earlier one counts, here that of %s', async (_, ofClient, ofRequest) => {
  const n8n = new FakeN8n({ credential: signedIn(), service: () => ({ after: 1e8 }) });
  const settings = { maxWaitMs: 60_000, deadline: deadlineIn(ofClient) };
  const client = await openClient(n8n.context, settings);
  const { error, at } = await finish(client.send({ ...FEED, deadline: deadlineIn(ofRequest) }));

  expect(error).toBeDefined();
  expect(at).toBe(2000);
});
