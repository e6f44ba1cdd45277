import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import { buildRequest } from '../../../nodes/ImagineAnything/engine/buildRequest';
import {
  endpointOf,
  isRead,
  type Operation,
  repeatOf,
} from '../../../nodes/ImagineAnything/engine/operation';
import { LIST_SOURCES } from '../../../nodes/ImagineAnything/methods/listSources';
import type { ListSource } from '../../../nodes/ImagineAnything/methods/createListSearch';
import { resources } from '../../../nodes/ImagineAnything/resources';
import {
  type ApiRequest,
  type Client,
  openClient,
} from '../../../nodes/ImagineAnything/transport/client';
import * as rateLimiters from '../../../credentials/http/rateLimiter';
import * as sending from '../../../nodes/ImagineAnything/transport/sendOnce';
import { enrichEvent } from '../../../nodes/ImagineAnything/trigger/execution/enrich';
import type { TriggerEvent } from '../../../nodes/ImagineAnything/trigger/events/event';
import {
  deleteWebhook,
  readAgent,
  readWebhookUrl,
  registerWebhook,
  setWebhookUrl,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookApi';
import { listedCalls } from '../../contract/list';
import { operationFacts, otherFacts } from '../../operations/facts';

const operations = new Map<string, Operation>(
  resources.flatMap(({ name, operations: all }) =>
    all.map((operation) => [`${name}: ${operation.name}`, operation] as const),
  ),
);

const TOKENS = { required: 'required', optional: 'optional', none: 'never' } as const;

describe('the table', () => {
  const named = operationFacts.map(([name]) => name);

  it('has every operation of the node once, and no other', () => {
    expect([...named].sort()).toEqual([...operations.keys()].sort());
  });

  it('has every call of the contract, with and without a token as there', () => {
    const rows = operationFacts.map(([, call, , token]) => ({ call, token }));
    for (const { call, needsToken } of listedCalls) {
      const found = rows.filter((row) => call === row.call.replace(' ', ' /api'));
      expect([call, found.map(({ token }) => token === 'required')]).toEqual([
        call,
        found.map(() => needsToken),
      ]);
      expect([call, found.length]).not.toEqual([call, 0]);
    }
  });

  it('lets a read change nothing, and nothing that moves money be repeated', () => {
    for (const [name, call, repeat, , loss, cost] of operationFacts) {
      if (call.startsWith('GET ')) {
        expect([name, repeat, loss, cost]).toEqual([name, 'safe', '', '']);
      }
      if (cost === 'money') expect([name, repeat]).toEqual([name, 'creating']);
      if (loss !== '') expect([name, call]).toEqual([name, expect.stringMatching(/^DELETE /)]);
    }
  });
});

describe.each(operationFacts)('%s', (name, call, repeat, token, loss, cost, rate) => {
  const operation = operations.get(name) as Operation;

  it(`is ${call}, ${repeat}, token ${token}`, () => {
    expect({
      call: operation.endpoint,
      repeat: repeatOf(operation),
      token: operation.token ?? 'required',
    }).toEqual({ call, repeat, token: TOKENS[token] });
  });

  it('sends its request as the table says', () => {
    const request = buildRequest(operation, valuesOf(operation));
    expect(request).toMatchObject({ repeat, token: TOKENS[token] });
  });

  it('says in its description what it costs and destroys', () => {
    const { description } = operation;
    expect(/^(Permanently d|D)elete /.test(description) || loss !== '').toBe(loss !== '');
    if (loss !== '') expect(description).toMatch(/^(Permanently delete|Delete|Remove) /);
    if (!isRead(operation)) expect(/\bAXP\b/.test(description)).toBe(cost === 'AXP');
  });

  it(`counts as ${rate}`, async () => {
    expect(await bucketOf(buildRequest(operation, valuesOf(operation)))).toBe(rate);
  });

  it('makes only calls that may be repeated as the table says, if it makes several', () => {
    for (const used of Object.values(operation.recipe?.uses ?? {})) {
      const facts = operationFacts.filter((row) => row[1] === used.endpoint);
      const known = new Set(facts.map((row) => row[2]));
      expect([used.action, [...known]]).toEqual([used.action, [repeatOf(used)]]);
      const tokens = new Set(facts.map((row) => TOKENS[row[3]]));
      expect([used.action, [...tokens]]).toEqual([used.action, [used.token ?? 'required']]);
    }
  });
});

it('The lists of the editor change nothing', () => {
  for (const { operation, search = operation } of Object.values<ListSource>(LIST_SOURCES)) {
    expect([operation, search].map(repeatOf)).toEqual(['safe', 'safe']);
  }
});

describe('calls of the trigger and the credential', () => {
  const sent: ApiRequest[] = [];
  const recorder: Client = {
    send: async (request) => {
      sent.push(request);
      return { status: 200, body: {} };
    },
    detached: () => recorder,
  };

  it('are those of the table, and repeated as it says', async () => {
    await readWebhookUrl(recorder, []);
    await readAgent(recorder);
    await registerWebhook(recorder, 'https://n8n.example/webhook');
    await setWebhookUrl(recorder, 'https://n8n.example/webhook');
    await deleteWebhook(recorder);
    const subjects = { comment: { id: '{commentId}' }, message: { id: '{messageId}' } };
    const event = { agent: { handle: 'some_agent' }, post: { id: '{postId}' }, ...subjects };
    await enrichEvent(recorder, event as unknown as TriggerEvent);
    await enrichEvent(recorder, {
      byte: { id: '{byteId}' },
      comment: { id: '{commentId}' },
    } as unknown as TriggerEvent);
    const stored = await storedFieldsRequest();

    const rows = [...sent, stored].map(({ action, method, path, repeat, token }) => {
      // Unlike an ID, a handle may not have the characters of a placeholder.
      const call = `${method} ${decodeURIComponent(path).replace('some_agent', '{handle}')}`;
      return [action, call, repeat, token].join(' | ');
    });
    expect([...new Set(rows)].sort()).toEqual(otherFacts.map((row) => row.join(' | ')).sort());
  });

  it('are made in no other place', () => {
    const root = join(__dirname, '../../../nodes/ImagineAnything');
    const places = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('resources'))
      .filter((file) =>
        /\brepeat: '(safe|idempotent|creating)'[,;]?$/m.test(
          readFileSync(join(root, file), 'utf8'),
        ),
      );
    expect(places.sort()).toEqual(['transport/client.ts', 'trigger/operations.ts']);
  });
});

/** Something for each placeholder of the path; a request needs no more. */
function valuesOf(operation: Operation): Map<string, string> {
  const { path } = endpointOf(operation);
  const inPath = (operation.parameters ?? []).filter((each) => each.in === 'path');
  expect(inPath).toHaveLength(path.split('{').length - 1);
  return new Map(inPath.map(({ name }) => [name, 'x']));
}

const NODE = {
  credentials: { imagineAnythingApi: { id: 'agent', name: 'Agent' } },
} as unknown as INode;

/** As much of n8n as a client looks at before it sends. */
async function client() {
  return await openClient({
    getNode: () => NODE,
    getCredentials: async () => ({ clientId: 'facts', clientSecret: 's' }),
  } as never);
}

/** Sends a request up to the limiter, and returns which one it is counted by. */
async function bucketOf(request: ApiRequest): Promise<string> {
  let asked = '';
  const limiterOf = jest.spyOn(rateLimiters, 'rateLimiterOf').mockImplementation((_, bucket) => {
    asked = bucket;
    throw new Error('Enough');
  });
  await expect((await client()).send(request)).rejects.toThrow('Enough');
  limiterOf.mockRestore();
  return asked;
}

/** The request with which n8n saves fields of the credential. */
async function storedFieldsRequest(): Promise<ApiRequest> {
  const requests: ApiRequest[] = [];
  const sendOnce = jest.spyOn(sending, 'sendOnce').mockImplementation(async (_, request) => {
    requests.push(request);
    return { statusCode: 200, headers: {}, body: {} };
  });
  await (await client()).storeFields({});
  sendOnce.mockRestore();
  return requests[0];
}
