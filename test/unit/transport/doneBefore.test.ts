import { resetProcess } from '../../../credentials/memory/processMap';
import { openClient } from '../../../nodes/ImagineAnything/transport/client';
import { finish, useClock } from './support/clock';
import { type Answer, FakeN8n } from './support/n8n';
import { LIKE, signedIn } from './support/requests';

useClock();
beforeEach(resetProcess);

it('what a lost attempt may have done stays in doubt, although a later one was surely refused', async () => {
  const answers: Answer[] = [
    { breaks: 'ECONNRESET' },
    { status: 429, headers: { 'retry-after': '1' } },
    { status: 404, body: { error: 'not_found' } },
  ];
  const n8n = new FakeN8n({ credential: signedIn(), service: () => answers.shift() });
  const client = await openClient(n8n.context);
  const unlike = { ...LIKE, method: 'DELETE', action: 'Unlike post' } as const;
  const { error, value } = await finish(client.send(unlike));

  expect(error).toBeUndefined();
  expect(value).toEqual({ status: 404, body: undefined });
  expect(n8n.sent).toHaveLength(3);
});
