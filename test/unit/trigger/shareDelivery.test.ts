/** How a delivery gets from the trigger that received it to the others. */
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import {
  isPassedOn,
  otherReceiversOf,
  passOn,
  publishedReceiversOf,
} from '../../../nodes/ImagineAnything/trigger/delivery/shareDelivery';
import {
  emptyWebhookState,
  toCredentialFields,
  type WebhookState,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import { finish, useClock } from '../transport/support/clock';
import { AGENT, NODE } from '../transport/support/n8n';
import { keyed, KEY, OTHER, OWN } from './observations';

useClock();
beforeEach(resetProcess);

const THIRD = 'https://n8n.example/webhook/third/webhook';
const BODY = Buffer.from('{"event":"follow"}');
const STATE = {
  ...emptyWebhookState(AGENT),
  urlKey: KEY,
  webhookUrl: keyed(OWN),
  receivers: [OTHER, THIRD],
};

interface Sent {
  url: string;
  headers: IDataObject;
  body: Buffer;
}

/** n8n around a trigger, and the responses of the others, one after another; the last one goes on. */
function open(
  responses: ReadonlyArray<number | Error> = [200],
  headers: IDataObject = {},
  stored: WebhookState = STATE,
) {
  const sent: Sent[] = [];
  const warnings: string[] = [];
  const left = [...responses];
  const context = {
    getNode: () => NODE,
    getWorkflow: () => ({ id: 'workflow' }),
    getCredentials: async () => ({ ...AGENT, ...toCredentialFields(stored) }),
    getHeaderData: () => headers,
    getNodeWebhookUrl: () => OWN,
    logger: { warn: (message: string) => warnings.push(message) },
    helpers: {
      httpRequest: async (request: Sent) => {
        sent.push(request);
        const response = left.length > 1 ? left.shift() : left[0];
        if (response instanceof Error) throw response;
        return { statusCode: response };
      },
    },
  } as unknown as IWebhookFunctions;
  return { context, sent, warnings };
}

const pass = async (context: IWebhookFunctions, urls = [OTHER]) => {
  const receiversOf = (each: IWebhookFunctions, state: WebhookState) =>
    state === STATE ? urls : otherReceiversOf(each, state);
  return (await finish(passOn(context, BODY, STATE, receiversOf))).value;
};

describe('a delivery is passed on', () => {
  it('to all that share the webhook, but for the one that has it', () => {
    expect(otherReceiversOf(open().context, STATE)).toEqual([OTHER, THIRD]);
    // The service may deliver to the next one already, or to the URL before a move.
    const handedOver = { ...STATE, webhookUrl: keyed(OTHER), receivers: [OWN, THIRD] };
    expect(otherReceiversOf(open().context, handedOver)).toEqual([keyed(OTHER), THIRD]);
    const moved = { ...STATE, webhookUrl: keyed(OWN.replace('n8n.', 'old.')) };
    expect(otherReceiversOf(open().context, moved)).toEqual([OTHER, THIRD]);
    expect(otherReceiversOf(open().context, { ...STATE, receivers: [] })).toEqual([]);
  });

  it('once: not by the one that it was passed on to', async () => {
    const { context, sent } = open();
    await pass(context);
    const { headers } = sent[0];
    expect(isPassedOn({})).toBe(false);
    expect(isPassedOn(headers)).toBe(true);
    expect(otherReceiversOf(open([200], headers).context, STATE)).toEqual([]);
  });

  it('as n8n read it, with the key and without the headers of the connection', async () => {
    const { context, sent } = open([200], {
      'x-signature': 'sha256=abc',
      'content-type': 'application/json',
      host: 'n8n.example',
      'content-length': '18',
      'content-encoding': 'gzip',
    });
    expect(await pass(context, [OTHER, keyed(THIRD)])).toBe(true);
    expect(sent.map(({ url }) => url)).toEqual([keyed(OTHER), keyed(THIRD)]);
    expect(sent[0].body).toEqual(BODY);
    expect(sent[0].headers).toEqual({
      'x-signature': 'sha256=abc',
      'content-type': 'application/json',
      'x-imagineanything-shared': '1',
    });
  });
});

describe('a trigger that does not take a delivery', () => {
  it.each([[[503, 200]], [[404, 404, 200]], [[new Error('reset'), 200]]])(
    'is asked again: %j',
    async (responses) => {
      const { context, sent, warnings } = open(responses);
      expect(await pass(context)).toBe(true);
      expect(sent).toHaveLength(responses.length);
      expect(warnings).toEqual([]);
    },
  );

  it.each([[503], [429], [0]])('has the service deliver again: HTTP %i', async (status) => {
    const { context, sent, warnings } = open([status]);
    expect(await pass(context)).toBe(false);
    expect(sent).toHaveLength(3);
    expect(warnings.join()).toContain(`could not pass a delivery on to ${OTHER}: HTTP ${status}`);
    expect(warnings.join()).not.toContain(KEY);
  });

  it('is gone when n8n does not know it for long', async () => {
    const { context, sent, warnings } = open([404]);
    expect(await pass(context)).toBe(true);
    expect(sent).toHaveLength(3);
    expect(warnings.join()).toContain('HTTP 404');
    expect(await pass(context)).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  it('is asked with the new key where that has changed meanwhile', async () => {
    const urlKey = 'n'.repeat(32);
    const { context, sent } = open([401, 200], {}, { ...STATE, urlKey });
    expect(await pass(context)).toBe(true);
    expect(sent.map(({ url }) => url)).toEqual([keyed(OTHER), keyed(OTHER, urlKey)]);
  });

  it('does not matter once it has ended', async () => {
    const ended = { ...STATE, receivers: [THIRD] };
    const { context, warnings } = open([404], {}, ended);
    expect(await pass(context)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it.each([[400], [401], [413], [302]])(
    'never takes it, and is let be: HTTP %i',
    async (status) => {
      const { context, sent, warnings } = open([status]);
      expect(await pass(context)).toBe(true);
      expect(sent).toHaveLength(1);
      expect(warnings).toHaveLength(1);
    },
  );
});

describe('what a test in the editor does not take', () => {
  const at = (origin: string) =>
    ({ getRestApiUrl: () => `${origin}/rest` }) as unknown as IWebhookFunctions;
  const N8N = at('https://n8n.example');

  it('is for all published workflows', () => {
    expect(publishedReceiversOf(N8N, STATE)).toEqual([keyed(OWN), OTHER, THIRD]);
    expect(publishedReceiversOf(N8N, { ...STATE, webhookUrl: '', receivers: [] })).toEqual([]);
  });

  it('is not passed on to another origin, which must not see the key', async () => {
    expect(publishedReceiversOf(at('https://n8n.example:8443'), STATE)).toBeUndefined();
    const { context, sent } = open();
    const elsewhere = () => undefined;
    expect((await finish(passOn(context, BODY, STATE, elsewhere))).value).toBe(false);
    expect(sent).toEqual([]);
  });
});
