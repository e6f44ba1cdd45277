import { resetProcess } from '../../../credentials/memory/processMap';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { finish, useClock } from './support/clock';
import { FakeN8n } from './support/n8n';
import { FEED, signedIn } from './support/requests';

useClock();
beforeEach(resetProcess);

it.each(['required', 'optional', 'never'] as const)(
  'n8n follows no redirect of a request with the token "%s"',
  async (token) => {
    const n8n = new FakeN8n({ credential: signedIn() });
    await finish((await openClient(n8n.context)).send({ ...FEED, token }));

    expect(n8n.sent.map(({ options }) => options.disableFollowRedirect)).toEqual([true]);
  },
);
