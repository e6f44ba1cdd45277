/** What becomes of a delivery: the events that start the workflow, or the response that starts none. */
import { createHmac } from 'node:crypto';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import { receive } from '../../../nodes/ImagineAnything/trigger/delivery/receive';
import { trackActivation } from '../../../nodes/ImagineAnything/trigger/delivery/shutdown';
import {
  emptyWebhookState,
  toCredentialFields,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import { pass, useClock } from '../transport/support/clock';
import { AGENT, NODE } from '../transport/support/n8n';

useClock();
beforeEach(resetProcess);

const STATE = {
  ...emptyWebhookState(AGENT),
  secret: 'whsec_1',
  signatureForm: 'body',
  id: 'agent_1',
  handle: 'ada_bot',
};

/** A node whose trigger is active. */
function openNode(events = ['*']) {
  const warnings: string[] = [];
  let credential: IDataObject = { ...AGENT, ...toCredentialFields(STATE) };
  let isReadable = true;
  const base = {
    getMode: () => 'webhook',
    getNode: () => ({ ...NODE, credentials: { imagineAnythingApi: { id: '7', name: 'Agent' } } }),
    getWorkflow: () => ({ id: 'workflow' }),
    getNodeParameter: (name: string) => (name === 'events' ? events : {}),
    getCredentials: async () => {
      if (!isReadable) throw new Error('no database');
      return credential;
    },
    logger: { warn: (message: string) => warnings.push(message), error: () => {} },
  };
  return {
    context: base as unknown as IWebhookFunctions,
    save: (state: Partial<typeof STATE>) => {
      credential = { ...credential, ...toCredentialFields({ ...STATE, ...state }) };
    },
    warnings,
    breakStore: () => (isReadable = false),
    /** Delivers a body, and has n8n answer it unless the answer is to wait. */
    deliver: async (body: unknown, { secret = 'whsec_1', waits = false, isSigned = true } = {}) => {
      const text = JSON.stringify(body);
      const signature = createHmac('sha256', secret).update(text).digest('hex');
      const response = {
        headersSent: false,
        statusCode: 200,
        setHeader: () => response,
        status: (code: number) => Object.assign(response, { statusCode: code }),
        json: () => Object.assign(response, { headersSent: true }),
      };
      const { workflowData, webhookResponse } = await receive({
        ...base,
        getHeaderData: () => ({
          'content-type': 'application/json',
          ...(isSigned ? { 'x-signature': signature } : {}),
        }),
        getRequestObject: () => ({ rawBody: Buffer.from(text) }),
        getResponseObject: () => response,
      } as unknown as IWebhookFunctions);
      if (!waits) response.headersSent = true;
      const ids = workflowData?.[0].map(({ json }) => json.id);
      return { ids, status: response.statusCode, isAcknowledged: webhookResponse !== undefined };
    },
  };
}

const event = (id: string, handle = 'bob') => ({ id, event: 'follow', actor: { handle } });
const STARTS_NONE = { ids: undefined, status: 200, isAcknowledged: true };

describe('the signature of a delivery', () => {
  it('has its events start the workflow', async () => {
    expect((await openNode().deliver([event('e1'), event('e2')])).ids).toEqual(['e1', 'e2']);
  });

  it.each([{ secret: 'another' }, { isSigned: false }, { secret: '' }])(
    'has none start it where it is not that of the webhook: %j',
    async (options) => {
      expect(await openNode().deliver(event('e1'), options)).toMatchObject({
        ids: undefined,
        status: 401,
      });
    },
  );

  it('may be made with a new secret as soon as that is stored', async () => {
    const node = openNode();
    await node.deliver(event('e1'));
    node.save({ secret: 'whsec_2' });
    await pass(1000);

    expect((await node.deliver(event('e2'), { secret: 'whsec_2' })).ids).toEqual(['e2']);
    await pass(10_000);
    expect((await node.deliver(event('e3'))).status).toBe(401);
  });
});

describe('a delivery that comes again', () => {
  it('starts no second execution', async () => {
    const node = openNode();
    await node.deliver(event('e1'));

    expect(await node.deliver(event('e1'))).toEqual(STARTS_NONE);
  });

  it('in another body starts one for what is new in it', async () => {
    const node = openNode();
    await node.deliver(event('e1'));

    expect((await node.deliver([event('e1'), event('e2')])).ids).toEqual(['e2']);
    expect(await node.deliver([event('e2'), event('e1')])).toEqual(STARTS_NONE);
  });

  it('is to come later while the first has no answer', async () => {
    const node = openNode();
    await node.deliver(event('e1'), { waits: true });

    expect(await node.deliver(event('e1'))).toMatchObject({ ids: undefined, status: 503 });
  });
});

describe('a delivery that cannot be handled is to come again', () => {
  it('when the credential cannot be read', async () => {
    const node = openNode();
    node.breakStore();

    expect(await node.deliver(event('e1'))).toMatchObject({ ids: undefined, status: 503 });
  });

  it('when nobody knows which actions are those of the own agent', async () => {
    const node = openNode();
    node.save({ id: '', handle: '' });

    expect(await node.deliver(event('e1'))).toMatchObject({ ids: undefined, status: 503 });
  });

  it('when n8n shuts down', async () => {
    const node = openNode();
    const { closeFunction } = trackActivation(node.context);
    expect((await node.deliver(event('e1'))).ids).toEqual(['e1']);
    await closeFunction?.();

    expect(await node.deliver(event('e2'))).toMatchObject({ ids: undefined, status: 503 });
  });
});

it('the actions of the own agent start nothing', async () => {
  expect(await openNode().deliver(event('e1', 'Ada_Bot'))).toEqual(STARTS_NONE);
});

describe('a rejected delivery', () => {
  const HOUR = 3_600_000;

  it('is logged with its reason and the names of its headers, once an hour', async () => {
    const node = openNode();
    await node.deliver(event('e1'), { isSigned: false });
    await node.deliver(event('e2'), { isSigned: false });
    expect(node.warnings).toEqual([
      expect.stringMatching(
        /rejected a delivery: The delivery is not signed \(signature_missing\)\. Its headers: content-type\./,
      ),
    ]);
    await node.deliver(event('e3'), { secret: 'another' });
    expect(node.warnings[1]).toContain('Its headers: content-type, x-signature.');
    await pass(HOUR);
    await node.deliver(event('e4'), { isSigned: false });
    expect(node.warnings).toHaveLength(3);
  });

  it('starts nothing by itself', async () => {
    const rejected = await openNode().deliver(event('e1'), { isSigned: false });
    expect(rejected).toMatchObject({ ids: undefined, status: 401 });
  });

  it('starts a workflow that wants to know, once an hour, and is still rejected', async () => {
    const node = openNode(['follow', 'rejected']);
    const first = await node.deliver(event('e1'), { isSigned: false });
    expect(first).toMatchObject({ ids: [expect.stringMatching(/^rejected_/)], status: 401 });
    const second = await node.deliver(event('e2'), { secret: 'another' });
    expect(second).toMatchObject({ ids: undefined, status: 401 });
    await pass(HOUR);
    expect((await node.deliver(event('e3'), { secret: 'another' })).ids).toHaveLength(1);
  });
});

describe('a test delivery', () => {
  const test = { id: 't1', event: 'webhook.test' };

  it('starts a published workflow only if that is wanted', async () => {
    expect((await openNode().deliver(test)).ids).toBeUndefined();
    expect((await openNode(['test']).deliver(test)).ids).toEqual(['t1']);
  });
});
