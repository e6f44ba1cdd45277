/** n8n runs a node again, by itself or because somebody retries the execution: nothing is published twice. */
import type { NodeSettings } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

useOwnClock();
const { sandbox, fixture, run } = useN8n();

const RETRY: NodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };

async function publish(texts: string[], settings: NodeSettings, rounds = 1) {
  return await run(
    { resource: 'post', operation: 'create', content: '={{ $json.text }}' },
    { input: texts.map((text) => ({ json: { text } })), settings, rounds },
  );
}

/** What the agent has published, oldest first. */
const published = () =>
  sandbox.state
    .postsBy(fixture.me.id)
    .map(({ content }) => content)
    .reverse();

describe('Retry On Fail', () => {
  it('publishes nothing twice that was published before the failure', async () => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      skip: 1,
      fault: { kind: 'status', status: 400 },
    });
    const { json, error } = await publish(['one', 'two', 'three'], RETRY);

    expect(error).toBeUndefined();
    expect(json.map(({ content }) => content)).toEqual(['one', 'two', 'three']);
    expect(published().sort()).toEqual(['one', 'three', 'two']);
    expect(sandbox.requests.of('postCreate')).toHaveLength(4);
  });

  it('publishes nothing twice next to an item that can never succeed', async () => {
    const { json } = await publish(['x'.repeat(501), 'one', 'two'], {
      ...RETRY,
      onError: 'continueRegularOutput',
    });

    expect(json[0].error).toContain('at most 500');
    expect(published().sort()).toEqual(['one', 'two']);
  });

  it('does not send again what may have been carried out', async () => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      skip: 1,
      fault: { kind: 'reset', apply: true },
    });
    const { error } = await publish(['one', 'two', 'three'], RETRY);

    expect(error?.message).toContain('the connection was lost before the response was complete');
    expect(error?.description).toContain('it was not sent again');
    expect(published().sort()).toEqual(['one', 'two']);
    expect(sandbox.requests.of('postCreate')).toHaveLength(2);
  });

  it('takes an error of a gateway for something that may have been carried out', async () => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      skip: 1,
      fault: { kind: 'status', status: 503 },
    });
    const { error } = await publish(['one', 'two', 'three'], RETRY);

    expect(error?.description).toMatch(
      /not sent again\..*1 of 3 items succeeded before this one \(item 1\)\. Retrying the execution would repeat it\.$/,
    );
    expect(published()).toEqual(['one']);
  });

  it('publishes equal items as often as they are there', async () => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      skip: 2,
      fault: { kind: 'status', status: 400 },
    });
    await publish(['same', 'same', 'same'], RETRY);

    expect(published()).toEqual(['same', 'same', 'same']);
  });

  it('publishes in each round of a loop', async () => {
    const { error } = await publish(['again'], RETRY, 3);

    expect(error).toBeUndefined();
    expect(published()).toEqual(['again', 'again', 'again']);
  });

  it('knows nothing of another execution', async () => {
    await publish(['once more'], RETRY);
    await publish(['once more'], RETRY);

    expect(published()).toHaveLength(2);
  });
});

it.each([
  [1, '1 of 3 items succeeded before this one (item 1). Retrying the execution would repeat it.'],
  [
    2,
    '2 of 3 items succeeded before this one (items 1, 2). Retrying the execution would repeat them.',
  ],
])(
  'after %i items the error says what a retry of the execution would repeat',
  async (skip, text) => {
    sandbox.faults.add({
      match: { operationId: 'postCreate' },
      skip,
      fault: { kind: 'status', status: 400, body: { error: 'bad', message: 'No' } },
    });
    const { error } = await publish(['one', 'two', 'three'], {});

    expect(error?.description).toContain(text);
  },
);

it('a failed first item, or a failed like, says nothing of that', async () => {
  sandbox.faults.add({
    match: { method: 'POST', operationId: 'postCreate' },
    fault: { kind: 'status', status: 400 },
  });
  const { error } = await publish(['one', 'two'], {});
  expect(error?.description).not.toContain('carried out before');
});
