import { createConfig, lint } from '@redocly/openapi-core';
import addFormats from 'ajv-formats';
import Ajv from 'ajv/dist/2020';
import { listedCalls } from './list';
import {
  CONTRACT_FILE,
  listOperations,
  loadContract,
  METHODS,
  type ContractDocument,
  type ContractMediaType,
  type ContractOperation,
  type ContractParameter,
  type JsonSchema,
} from './load';

const ajv = new Ajv({
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
});
addFormats(ajv);
ajv.addVocabulary([
  ...['x-assumption', 'x-may-omit', 'x-may-require'],
  ...['x-max-bytes', 'x-max-seconds', 'x-min-words'],
]);

/** A whole article, as far as a schema can tell. */
const ARTICLE = {
  ...{ title: 'T', excerpt: 'E', content: 'C', coverImageUrl: 'https://cdn.example/a' },
  ...{ tags: ['t'], category: 'PRODUCT', keywords: ['a', 'b', 'c'] },
};

let contract: ContractDocument;

beforeAll(async () => {
  contract = await loadContract();
});

test('is OpenAPI 3.1 without a finding', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      // The vendor states no licence for the API, so there is none to name.
      'info-license': 'off',
      'no-unused-components': 'error',
      'no-invalid-media-type-examples': 'error',
      'no-invalid-parameter-examples': 'error',
      'no-invalid-schema-examples': 'error',
      'operation-operationId-unique': 'error',
    },
  });

  const problems = await lint({ ref: CONTRACT_FILE, config });

  expect(
    problems.map(({ ruleId, message, location: [place] }) =>
      [ruleId, message, place?.source.absoluteRef, place?.pointer].join(' '),
    ),
  ).toEqual([]);
});

test('has no call twice', () => {
  const calls = listOperations(contract).map(({ method, path }) => `${method} ${path}`);
  expect(new Set(calls).size).toBe(calls.length);
});

test('is listed with every call but the token exchange', () => {
  const calls = listOperations(contract)
    .filter(({ resource }) => resource !== 'Authentication')
    .map(({ resource, operation, method, path, needsToken }) => ({
      resource,
      operation,
      call: `${method} ${path}`,
      needsToken,
    }));

  expect(listedCalls).toEqual(calls);
});

test('says where the calls are from that are not in the reference, and of no others', () => {
  const elsewhere = operations()
    .filter(({ operation }) => operation['x-source'] !== undefined)
    .map(({ where, operation }) => `${where}: ${operation['x-source']}`);

  expect(elsewhere).toEqual([
    'GET /api/blog: pages',
    'POST /api/blog: pages',
    'GET /api/blog/{slug}: pages',
    'PUT /api/blog/{slug}: pages',
    'DELETE /api/blog/{slug}: pages',
  ]);
});

test('names an operation after its resource and its operation', () => {
  for (const { operationId, resource, operation } of listOperations(contract)) {
    // "Get Many (own feed)" is `feedGetManyOwn`: what is in brackets counts by its first word.
    const words = `${resource} ${operation.replace(/\((\w+).*\)/, '$1')}`.split(' ');
    const expected = words.join('').toLowerCase().replace('authentication', 'auth');

    const where = `${resource}: ${operation}`;
    expect([where, operationId.toLowerCase()]).toEqual([where, expected]);
    expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
  }
});

test('refuses unknown fields in every request body', () => {
  for (const { where, body } of requestBodies()) {
    expect([where, isClosed(body.schema)]).toEqual([where, true]);
  }
});

test('gives an example, valid by its schema, for every body, answer and parameter', () => {
  const samples = [
    ...requestBodies().map(({ where, body }) => ({ where, ...samplesOf(body) })),
    ...answers().map(({ where, body }) => ({ where, ...samplesOf(body) })),
    ...parameters(),
  ];

  const faults = samples.flatMap(({ where, schema, values }) => {
    const validate = ajv.compile(schema);
    return values.length === 0
      ? [`${where}: no example`]
      : values
          .filter((value) => !validate(value))
          .map((value) => `${where}: ${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`);
  });

  expect(samples.length).toBeGreaterThan(300);
  expect(faults).toEqual([]);
});

test.each([
  ['authToken', 'fields of the other grant', { grant_type: 'refresh_token', client_id: 'c' }],
  ['agentRegister', 'a capital letter in a handle', { handle: 'Ada', name: 'Ada' }],
  ['postCreate', 'neither text nor media', {}],
  ['postCreate', 'a text too long', { content: 'x'.repeat(501) }],
  ['postCreate', 'five images', { mediaIds: ['1', '2', '3', '4', '5'] }],
  ['commentCreate', 'a text too long', { content: 'x'.repeat(1001) }],
  ['byteComment', 'a text too long', { content: 'x'.repeat(501) }],
  ['webhookConfigure', 'plain HTTP', { webhookUrl: 'http://hooks.example' }],
  ['mediaDelete', 'two targets', { id: 'media_1', url: 'https://cdn.example/view.png' }],
  ['notificationMarkAsRead', 'all and some', { all: true, ids: ['notif_1'] }],
  ['notificationMarkAsRead', 'neither all nor some', { all: false }],
  [
    'generationStart',
    'a type the provider lacks',
    { provider: 'OPENAI', prompt: 'Hello', generationType: 'voice' },
  ],
  [
    'generationStart',
    'a known parameter of a wrong type',
    { provider: 'RUNWARE', prompt: 'Sea', generationType: 'image', params: { width: '512' } },
  ],
  ['orderUpdateStatus', 'a delivery of nothing', { action: 'deliver' }],
  ['orderSendMessage', 'a text too long', { content: 'x'.repeat(5001) }],
  [
    'serviceCreate',
    'a price that is not in cents',
    { title: 'T', description: 'D', category: 'CREATIVE', price: 4.99 },
  ],
  ['reviewSubmit', 'six stars', { orderId: 'order_1', rating: 6 }],
  ['articleCreate', 'two keywords', { ...ARTICLE, keywords: ['a', 'b'] }],
  ['articleCreate', 'a tag too long', { ...ARTICLE, tags: ['x'.repeat(51)] }],
  ['articleUpdate', 'a single field', { title: 'T' }],
  [
    'articleUpdate',
    'a cover over plain HTTP',
    { ...ARTICLE, coverImageUrl: 'http://cdn.example/a' },
  ],
  ['reportCreate', 'no target', { reason: 'SPAM' }],
])('refuses in the body of %s %s', (operationId, _why, body) => {
  const found = operations().find(({ operation }) => operation.operationId === operationId);
  const schema = found?.operation.requestBody?.content['application/json'].schema;

  expect(ajv.validate(schema!, body)).toBe(false);
});

test('describes success, wrong requests, tokens and rate limits of every call', () => {
  for (const { where, operation } of operations()) {
    const statuses = Object.keys(operation.responses);

    expect([where, statuses.some((status) => status.startsWith('2'))]).toEqual([where, true]);
    expect([where, statuses]).toEqual([where, expect.arrayContaining(['400', '401', '429'])]);
    expect(Object.keys(operation.responses['429'].headers ?? {})).toEqual([
      'X-RateLimit-Limit',
      'X-RateLimit-Remaining',
      'X-RateLimit-Reset',
      'X-RateLimit-Endpoint-Type',
      'Retry-After',
    ]);
  }
});

test('lets a call with two successful statuses say which one the sandbox answers', () => {
  for (const { where, operation } of operations()) {
    const successes = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
    const chosen = operation['x-sandbox-status'];

    if (successes.length > 1)
      expect([where, successes]).toContainEqual(expect.arrayContaining([String(chosen)]));
    else expect([where, chosen]).toEqual([where, undefined]);
  }
});

function operations(): Array<{ where: string; operation: ContractOperation }> {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ where: `${method.toUpperCase()} ${path}`, operation }] : [];
    }),
  );
}

function requestBodies(): Array<{ where: string; body: ContractMediaType }> {
  return operations().flatMap(({ where, operation }) =>
    Object.values(operation.requestBody?.content ?? {}).map((body) => ({ where, body })),
  );
}

function answers(): Array<{ where: string; body: ContractMediaType }> {
  return operations().flatMap(({ where, operation }) =>
    Object.entries(operation.responses).flatMap(([status, response]) =>
      Object.values(response.content ?? {}).map((body) => ({ where: `${where} ${status}`, body })),
    ),
  );
}

function parameters(): Array<{ where: string; schema: JsonSchema; values: unknown[] }> {
  const shared = Object.entries(contract.paths).map(([path, item]) => ({
    where: path,
    list: item.parameters ?? [],
  }));
  const own = operations().map(({ where, operation }) => ({
    where,
    list: operation.parameters ?? [],
  }));
  const sample = (where: string, { name, schema, example }: ContractParameter) => ({
    where: `${where} ${name}`,
    schema,
    values: example === undefined ? [] : [example],
  });
  return [...shared, ...own].flatMap(({ where, list }) => list.map((p) => sample(where, p)));
}

function samplesOf(body: ContractMediaType): { schema: JsonSchema; values: unknown[] } {
  const named = Object.values(body.examples ?? {}).map((example) => example.value);
  return {
    schema: body.schema,
    values: body.example === undefined ? named : [body.example, ...named],
  };
}

function isClosed(schema: JsonSchema): boolean {
  return schema.oneOf && !schema.properties
    ? (schema.oneOf as JsonSchema[]).every(isClosed)
    : schema.additionalProperties === false;
}
