/** What a run of the node sends for its items, and which items come out. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { ManualExecutionCancelledError } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import { execute } from '../../../nodes/ImagineAnything/engine/execute';
import type { Resource } from '../../../nodes/ImagineAnything/engine/operation';
import { finish, follow, pass, useClock } from '../transport/support/clock';
import { FakeN8n, type Service } from '../transport/support/n8n';
import { signedIn } from '../transport/support/requests';

useClock();
beforeEach(resetProcess);

const RESOURCES: Resource[] = [
  {
    name: 'Post',
    operations: [
      {
        name: 'Create',
        action: 'Create post',
        description: 'Create a post',
        endpoint: 'POST /posts',
        repeat: 'creating',
        parameters: [
          {
            name: 'content',
            displayName: 'Content',
            description: 'The text',
            kind: 'text',
            maxLength: 10,
            in: 'body',
            placement: 'required',
          },
        ],
        response: { kind: 'object', key: 'post' },
      },
      {
        name: 'Search',
        action: 'Search posts',
        description: 'Search posts',
        endpoint: 'GET /posts',
        parameters: [
          {
            name: 'content',
            displayName: 'Content',
            description: 'The text',
            kind: 'text',
            in: 'query',
            placement: 'required',
          },
        ],
        response: { kind: 'part', key: 'posts' },
      },
    ],
  },
];

interface RunOptions {
  operation: 'create' | 'search';
  contents: string[];
  service?: Service;
  continueOnFail?: boolean;
  signal?: AbortSignal;
}

/** Runs the node over one item for each content. */
function start({ operation, contents, service, continueOnFail = false, signal }: RunOptions) {
  const n8n = new FakeN8n({ credential: signedIn(), service, signal });
  const parameters: IDataObject = { resource: 'post', operation, options: {} };
  const getCredentials = jest.spyOn(n8n.context, 'getCredentials');
  const context = Object.assign(n8n.context, {
    continueOnFail: () => continueOnFail,
    getInputData: () => contents.map((content) => ({ json: { content } })),
    getExecutionId: () => '1',
    getNodeParameter: (name: string, index: number, fallback: unknown) =>
      name === 'content' ? contents[index] : (parameters[name] ?? fallback),
  });
  const running = execute(context as unknown as IExecuteFunctions, RESOURCES);
  return { n8n, running, getCredentials };
}

async function run(options: RunOptions) {
  const { n8n, running, getCredentials } = start(options);
  return { ...(await finish(running)), n8n, getCredentials };
}

const contentOf = ({ body }: { body?: unknown }) => (body as { content: string }).content;
const created: Service = (sent) => ({ body: { post: { id: contentOf(sent) } }, after: 100 });

describe('the items of a run', () => {
  it('are sent in their order and one after another where something is written', async () => {
    const { n8n, value } = await run({
      operation: 'create',
      contents: ['a', 'b', 'c'],
      service: created,
    });

    expect(n8n.sent.map(contentOf)).toEqual(['a', 'b', 'c']);
    expect(n8n.times).toEqual([0, 100, 200]);
    expect(value?.map(({ json }) => json.id)).toEqual(['a', 'b', 'c']);
  });

  it('are read at the same time, and come out in their order, each with its input', async () => {
    const waits = [300, 200, 100];
    const { n8n, value } = await run({
      operation: 'search',
      contents: ['0', '1', '2'],
      service: ({ line }) => {
        const index = Number(line.at(-1));
        return { body: { posts: [{ id: `a${index}` }, { id: `b${index}` }] }, after: waits[index] };
      },
    });

    expect(n8n.times).toEqual([0, 0, 0]);
    expect(value).toEqual(
      [0, 1, 2].flatMap((item) =>
        ['a', 'b'].map((name) => ({ json: { id: `${name}${item}` }, pairedItem: { item } })),
      ),
    );
  });

  it('each have the credential of the item', async () => {
    const { getCredentials } = await run({ operation: 'create', contents: ['a', 'b'] });

    expect(getCredentials.mock.calls.map(([, index]) => index)).toEqual([0, 1]);
  });
});

describe('an item that is not valid', () => {
  const contents = ['a', 'x'.repeat(11), 'c'];

  it('has none of the items sent', async () => {
    const { n8n, error } = await run({ operation: 'create', contents, service: created });

    expect(error?.message).toMatch(/^Content: /);
    expect(error?.context).toMatchObject({ itemIndex: 1 });
    expect(n8n.lines).toEqual([]);
  });

  it('comes out as an error in its place where the node goes on', async () => {
    const { n8n, value } = await run({
      operation: 'create',
      contents,
      service: created,
      continueOnFail: true,
    });

    expect(n8n.sent.map(contentOf)).toEqual(['a', 'c']);
    expect(value).toEqual([
      { json: { id: 'a' }, pairedItem: { item: 0 } },
      {
        json: { error: expect.stringContaining('Content: '), details: expect.anything() },
        pairedItem: { item: 1 },
      },
      { json: { id: 'c' }, pairedItem: { item: 2 } },
    ]);
  });
});

describe('an item that the service refuses', () => {
  const service: Service = (sent) =>
    contentOf(sent) === 'b' ? { status: 400, body: { error: 'bad_request' } } : created(sent);

  it('is the last that is sent', async () => {
    const { n8n, error } = await run({ operation: 'create', contents: ['a', 'b', 'c'], service });

    expect(error?.context).toMatchObject({ itemIndex: 1, errorCode: 'bad_request' });
    expect(n8n.sent.map(contentOf)).toEqual(['a', 'b']);
  });

  it('keeps its place where the node goes on', async () => {
    const { value } = await run({
      operation: 'create',
      contents: ['a', 'b', 'c'],
      service,
      continueOnFail: true,
    });

    expect(value?.map(({ json }) => json.id ?? json.details)).toMatchObject([
      'a',
      { errorCode: 'bad_request', httpStatus: 400 },
      'c',
    ]);
  });
});

it('a cancelled execution ends with its cancellation, also where the node goes on', async () => {
  const stop = new AbortController();
  const { n8n, running } = start({
    operation: 'create',
    contents: ['a', 'b'],
    service: created,
    continueOnFail: true,
    signal: stop.signal,
  });
  const outcome = follow(running);
  await pass(50);
  stop.abort();
  await pass(0);

  expect(outcome.error).toBeInstanceOf(ManualExecutionCancelledError);
  expect(n8n.sent.map(contentOf)).toEqual(['a']);
});
