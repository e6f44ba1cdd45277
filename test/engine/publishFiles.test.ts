/** An operation of several calls loses a response in between: what is left on the platform, and what the error says. */
import type { INodeParameters } from 'n8n-workflow';
import { byId, createFixture, PNG, type Fixture } from '../operations/fixture';
import { orderOf } from '../operations/marketplace';
import { uploads } from '../operations/media';
import type { Fault } from '../sandbox/faults';
import { UNLIMITED } from '../sandbox/limitOptions';
import type { Sandbox } from '../sandbox/server';
import { binary, N8n, type NodeSettings } from './support/n8n';
import { startInDialect } from './support/sandbox';

const CREATE_POST: INodeParameters = {
  resource: 'post',
  operation: 'create',
  content: 'Look at this',
  additionalFields: { binaryFields: 'data' },
};

const REFUSED: Fault = { kind: 'status', status: 400, body: { error: 'bad', message: 'No.' } };

let n8n: N8n;
let sandbox: Sandbox;
let fixture: Fixture;

beforeAll(async () => {
  n8n = await N8n.load();
  sandbox = await startInDialect({
    limits: UNLIMITED,
  });
});

afterAll(async () => await sandbox.close());

beforeEach(() => {
  fixture = createFixture(sandbox);
  sandbox.requests.clear();
});

afterEach(() => sandbox.faults.clear());

/** Orders faults for the next requests of an operation, one after the other. */
function next(operationId: string, ...faults: Fault[]): void {
  for (const fault of faults) sandbox.faults.add({ match: { operationId }, fault });
}

async function run(parameters: INodeParameters, settings: NodeSettings = {}) {
  const { handle } = fixture.me;
  return await n8n.run({
    credential: n8n.saveCredential(handle, { ...fixture.me, baseUrl: sandbox.url }),
    parameters,
    input: [{ json: {}, binary: { data: binary(PNG.content, PNG.fileName, PNG.mimeType) } }],
    settings,
  });
}

const posts = () => sandbox.state.postsBy(fixture.me.id);
const sent = (operationId: string) => sandbox.requests.of(operationId);

describe('Post: Create with an image', () => {
  it.each<[string, Fault]>([
    ['500', { kind: 'status', status: 500, body: { error: 'oops' }, apply: true }],
    ["a gateway's 502", { kind: 'bad-gateway', apply: true }],
    ['503', { kind: 'status', status: 503, body: { error: 'busy' }, apply: true }],
    ['a lost connection', { kind: 'reset', apply: true }],
    ['a response that breaks off', { kind: 'truncated' }],
    ['a web page', { kind: 'content-type', body: '<html>Welcome</html>' }],
  ])('keeps the image of a post that exists although there was %s', async (_, fault) => {
    next('postCreate', fault);
    const { error } = await run(CREATE_POST);

    const [image] = uploads(fixture);
    expect(posts()).toMatchObject([{ mediaIds: [image.id] }]);
    expect(error?.description).toMatch(
      `The uploaded files were kept, because they may be in use: ${image.id}. The service may have completed this request`,
    );
    expect(sent('postCreate')).toHaveLength(1);
    expect(sent('mediaDelete')).toEqual([]);
  });

  it('keeps the image where nobody knows whether there is a post', async () => {
    next('postCreate', { kind: 'bad-gateway' });
    const { error } = await run(CREATE_POST);

    expect(posts()).toEqual([]);
    expect(uploads(fixture)).toHaveLength(1);
    expect(error?.description).toContain('may be in use');
  });

  it.each<[string, Fault]>([
    ['400', REFUSED],
    ['404', { kind: 'status', status: 404, body: { error: 'not_found' } }],
    ['a redirect', { kind: 'redirect', location: 'https://elsewhere.example' }],
  ])('deletes the image where the post was refused with %s', async (_, fault) => {
    next('postCreate', fault);
    const { error } = await run(CREATE_POST);

    expect(posts()).toEqual([]);
    expect(uploads(fixture)).toEqual([]);
    expect(error?.description).toMatch(/^The uploaded files were deleted\./);
  });

  it('knows that a deletion succeeded whose response was lost', async () => {
    next('postCreate', REFUSED);
    next('mediaDelete', { kind: 'reset', apply: true });
    const { error } = await run(CREATE_POST);

    expect(sent('mediaDelete')).toMatchObject([{ applied: true }, { status: 404 }]);
    expect(uploads(fixture)).toEqual([]);
    expect(error?.description).toMatch(/^The uploaded files were deleted\./);
  });

  it.each(['<html>No such site</html>', { message: 'No route' }])(
    'does not take "not found" of a proxy for a deletion: %j',
    async (body) => {
      next('postCreate', REFUSED);
      next('mediaDelete', { kind: 'status', status: 404, body });
      const { error } = await run(CREATE_POST);

      const [left] = uploads(fixture);
      expect(error?.description).toContain(
        `These uploaded files could not be deleted: ${left.id}.`,
      );
    },
  );

  describe('Retry On Fail', () => {
    const RETRY: NodeSettings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };

    it('uploads again what an earlier try deleted, and publishes once', async () => {
      next('postCreate', REFUSED);
      const { json, error } = await run(CREATE_POST, RETRY);

      expect(error).toBeUndefined();
      expect(sent('mediaUploadImage')).toHaveLength(2);
      const [image] = uploads(fixture);
      expect(uploads(fixture)).toEqual([image]);
      expect(posts()).toMatchObject([{ id: json[0].id, mediaIds: [image.id] }]);
    });

    it('uploads again where the deletion may have succeeded', async () => {
      next('postCreate', REFUSED);
      next('mediaDelete', { kind: 'reset', apply: true });
      // It is repeated three times.
      next('mediaDelete', ...Array.from({ length: 3 }, (): Fault => ({ kind: 'bad-gateway' })));
      const { json, error } = await run(CREATE_POST, { ...RETRY, maxTries: 2 });

      expect(error).toBeUndefined();
      const [image] = uploads(fixture);
      expect(posts()).toMatchObject([{ id: json[0].id, mediaIds: [image.id] }]);
    });

    it('publishes nothing twice, and says once what is left', async () => {
      next('postCreate', { kind: 'status', status: 500, body: { error: 'oops' }, apply: true });
      const { error } = await run(CREATE_POST, RETRY);

      const [image] = uploads(fixture);
      expect(uploads(fixture)).toEqual([image]);
      expect(posts()).toHaveLength(1);
      expect(sent('postCreate')).toHaveLength(1);
      expect(error?.description?.split('The uploaded files were kept')).toHaveLength(2);
    });
  });
});

describe('Order: Deliver with Message', () => {
  const deliver = async (): Promise<INodeParameters> => {
    const order = await orderOf(fixture, 'other', 'IN_PROGRESS');
    return {
      resource: 'order',
      operation: 'deliverWithMessage',
      order: byId(order.id),
      deliverables: 'https://example.com/art.png',
      content: 'Here it is',
    };
  };
  const statusOf = ({ order }: INodeParameters) =>
    sandbox.state.orders.get((order as unknown as { value: string }).value)?.status;
  const messages = () =>
    [...sandbox.state.orderMessages.values()].filter(({ agentId }) => agentId === fixture.me.id);

  it.each<[string, Fault, number, string]>([
    ['the message was refused', REFUSED, 0, 'but the message was not sent'],
    ['it was lost', { kind: 'reset', apply: true }, 1, 'may not have been sent'],
    ['there was a 500', { kind: 'status', status: 500 }, 0, 'may not have been sent'],
  ])('says that the order was delivered where %s', async (_, fault, sentMessages, says) => {
    const parameters = await deliver();
    next('orderSendMessage', fault);
    const { error } = await run(parameters);

    expect(error?.description).toContain('The order was delivered');
    expect(error?.description).toContain(says);
    expect(statusOf(parameters)).toBe('DELIVERED');
    expect(messages()).toHaveLength(sentMessages);
    expect(sent('orderUpdateStatus')).toHaveLength(1);
  });

  it('sends no message where the delivery may have failed, and does not repeat it', async () => {
    const parameters = await deliver();
    next('orderUpdateStatus', { kind: 'reset', apply: true });
    const { error } = await run(parameters);

    expect(error?.description).toContain('it was not sent again');
    expect(statusOf(parameters)).toBe('DELIVERED');
    expect(sent('orderSendMessage')).toEqual([]);
  });
});
