import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchangeToken } from '../../credentials/tokenExchange';
import {
  endpointOf,
  isRead,
  isUpdate,
  type Operation,
  readsList,
  responseOf,
} from '../../nodes/ImagineAnything/engine/operation';
import { isOptional, wireName } from '../../nodes/ImagineAnything/engine/parameter';
import { LIST_SOURCES } from '../../nodes/ImagineAnything/methods/listSources';
import type { ListSource } from '../../nodes/ImagineAnything/methods/createListSearch';
import { TRIGGER_OPERATIONS } from '../../nodes/ImagineAnything/trigger/operations';
import { resources } from '../../nodes/ImagineAnything/resources';
import { listedCalls } from '../contract/list';
import { MAX_PAGE_SIZE } from '../../nodes/ImagineAnything/transport/pagination';
import {
  type ContractDocument,
  type JsonSchema,
  listOperations,
  loadContract,
  type OperationSummary,
} from '../contract/load';
import { toValue } from '../../nodes/ImagineAnything/engine/names';
import { operationCases } from '../operations';
import { answerKeys, documentedSchemas, requiredIn } from '../contract/requestSchemas';
import { handlers } from '../sandbox/resources';
import { EMPTIABLE, documentedLimits, limitsOf, sendsEmpty, travelling } from './limits';
import { ROOT, SOURCES } from './linearTime/sources';

/** Two calls have the same name in the list; the node tells them apart. */
const NAMES: Readonly<Record<string, string>> = {
  'Get Many (own feed)': 'Get Many',
  'Get Many (public timeline)': 'Get Public Timeline',
};

const TOKEN_CALL = 'POST /api/auth/token';

function callOf(operation: Operation): string {
  const { method, path } = endpointOf(operation);
  return `${method} /api${path}`;
}

const operations = resources.flatMap((resource) =>
  resource.operations.map((operation) => ({ resource: resource.name, operation })),
);

/** Those of the node, those that recipes use, and those that the lists of the editor and the trigger call. */
const called = new Set<Operation>([
  ...operations.flatMap(({ operation }) => [
    operation,
    ...Object.values(operation.recipe?.uses ?? {}),
  ]),
  ...Object.values<ListSource>(LIST_SOURCES).flatMap(({ operation, search = operation }) => [
    operation,
    search,
  ]),
  ...Object.values<Record<string, Operation>>(TRIGGER_OPERATIONS).flatMap(Object.values<Operation>),
]);

function operationsOf(call: string): Operation[] {
  return [...called].filter((each) => callOf(each) === call);
}

function isPaged(operation: Operation): boolean {
  const response = responseOf(operation);
  return readsList(operation) && !('paged' in response && response.paged === false);
}

function namesIn(place: 'query' | 'body', all: readonly Operation[]): string[] {
  const names = all.flatMap((operation) => [
    ...(operation.parameters ?? [])
      .filter((parameter) => parameter.in === place)
      .map((parameter) => wireName(parameter).split('.')[0]),
    ...(isRead(operation) === (place === 'query') ? Object.keys(operation.fixed ?? {}) : []),
  ]);
  return [...new Set(names)].sort();
}

/** Lists that the reference gives a limit, and no further pages. */
const ONE_PAGE = ['GET /api/agents/{handle}/similar', 'GET /api/hashtags/trending'];

/**
 * Updates that send the whole thing although the user gives only some fields: their recipes read it first, and refuse to
 * send it without a field that is required.
 */
const READS_FIRST = ['PUT /api/blog/{slug}'];

/** Answers that the reference names by their members: the node would take them from under a key all the same. */
const FLAT = [
  'POST /api/auth/register',
  'POST /api/upload',
  'POST /api/upload/video',
  'POST /api/generate',
  'POST /api/generate/{jobId}/retry',
];

describe('completeness', () => {
  let document: ContractDocument;
  let contract: Map<string, OperationSummary>;

  beforeAll(async () => {
    document = await loadContract();
    contract = new Map(
      listOperations(document).map((each) => [`${each.method} ${each.path}`, each]),
    );
  });

  it('is about the same calls in the contract and in the node, besides the token call', () => {
    const listed = listedCalls.map(({ call }) => call);
    const node = new Set([...called].map(callOf));
    expect({
      onlyInContract: listed.filter((call) => !node.has(call)),
      onlyInNode: [...node].filter((call) => !listed.includes(call)),
      unlisted: [...contract.keys()].filter((call) => !listed.includes(call)),
    }).toEqual({ onlyInContract: [], onlyInNode: [], unlisted: [TOKEN_CALL] });
  });

  it('has every call of the node: the engine alone sends requests, and resources alone declare calls', () => {
    const others = SOURCES.filter((file) => !/[\\/](engine|resources)[\\/]/.test(file));
    const code = (file: string) => readFileSync(join(ROOT, file), 'utf8');
    expect(others.filter((file) => /\bendpoint: |\bclient\.send\(/.test(code(file)))).toEqual([]);
  });

  it('has a case in test/operations for every operation', () => {
    const cases = new Set(operationCases.map((each) => `${each.resource}: ${each.operation}`));
    const offered = operations.map(
      ({ resource, operation }) => `${toValue(resource)}: ${toValue(operation.name)}`,
    );
    expect(offered.filter((each) => !cases.has(each))).toEqual([]);
  });

  it('is served by the sandbox: every call of the contract and no other', () => {
    const documented = [...contract.values()].map(({ operationId }) => operationId);
    expect({
      withoutHandler: documented.filter((each) => !(each in handlers)),
      withoutContract: Object.keys(handlers).filter((each) => !documented.includes(each)),
    }).toEqual({ withoutHandler: [], withoutContract: [] });
  });

  it(`makes the token call, ${TOKEN_CALL}, in the credential`, async () => {
    const calls: string[] = [];
    const httpRequest = async ({ method, url }: { method?: string; url: string }) => {
      calls.push(`${method} ${new URL(url).pathname}`);
      return { statusCode: 200, headers: {}, body: { access_token: 'iat_1', expires_in: 3600 } };
    };
    await exchangeToken(httpRequest as never, { clientId: 'completeness', clientSecret: 's' }, '');
    expect(calls).toEqual([TOKEN_CALL]);
  });

  describe.each(listedCalls.map((row) => [`${row.resource}: ${row.operation}`, row] as const))(
    '%s',
    (_, { resource, operation: listedName, call, needsToken }) => {
      const name = NAMES[listedName] ?? listedName;
      const own = operations.find(
        (each) => each.resource === resource && each.operation.name === name,
      )?.operation as Operation;

      it('is an operation of the node', () => {
        expect(own && callOf(own)).toBe(call);
        expect((own.token ?? 'required') === 'required').toBe(needsToken);
      });

      it('sends the query of the document, all of it and nothing else', () => {
        const all = operationsOf(call);
        const known = contract.get(call)?.query ?? [];
        const paging = all.some(isPaged) ? ['limit', 'cursor'] : [];
        const given = namesIn('query', all);
        expect(given.filter((each) => !known.includes(each))).toEqual([]);
        expect(known.filter((each) => ![...given, ...paging].includes(each))).toEqual([]);
        const needed = ONE_PAGE.includes(call) ? paging.slice(0, 1) : paging;
        expect(known).toEqual(expect.arrayContaining(needed));
      });

      it('sends the body of the document, all of it and nothing else', () => {
        const { bodyFields = [] } = contract.get(call) ?? {};
        expect(namesIn('body', operationsOf(call))).toEqual([...bodyFields].sort());
      });

      it('has the limits and choices of the document, and no others', () => {
        const documented = documentedSchemas(document, contract.get(call));
        for (const operation of operationsOf(call)) {
          for (const [name, parameters] of travelling(operation)) {
            const schemas = documented.get(name) ?? [];
            const place = `${operation.name}: ${name}`;
            expect([place, limitsOf(parameters)]).toEqual([place, documentedLimits(schemas)]);
          }
        }
      });

      it('takes whole numbers where the document does, and nowhere else', () => {
        const documented = documentedSchemas(document, contract.get(call));
        for (const [name, parameters] of operationsOf(call).flatMap((each) => [
          ...travelling(each),
        ])) {
          const isWhole = (documented.get(name) ?? []).some(({ type }) => type === 'integer');
          for (const parameter of parameters) {
            if (parameter.kind !== 'number') continue;
            expect([name, parameter.integer ?? false]).toEqual([name, isWhole]);
          }
        }
      });

      it('requires what the document requires', () => {
        const needed = requiredIn(document, contract.get(call));
        for (const operation of operationsOf(call)) {
          const optional = [...travelling(operation)]
            .filter(([name, parameters]) => needed.has(name) && parameters.every(isOptional))
            .map(([name]) => name);
          if (!READS_FIRST.includes(call)) {
            expect([operation.name, optional]).toEqual([operation.name, []]);
            continue;
          }
          const reads = Object.values(operation.recipe?.uses ?? {}).map(callOf);
          expect(reads).toContain(call.replace(/^PUT/, 'GET'));
        }
      });

      it('sends an empty text or list only where the document takes it', () => {
        const documented = documentedSchemas(document, contract.get(call));
        for (const operation of operationsOf(call)) {
          for (const [name, parameters] of travelling(operation)) {
            const schemas = documented.get(name) ?? [];
            const takesEmpty = !schemas.some(({ minLength, minItems }) => minLength ?? minItems);
            // Only an update can say something by it; elsewhere what is empty is left out.
            const expected = isUpdate(operation) && takesEmpty;
            for (const parameter of parameters.filter(({ kind }) => EMPTIABLE.includes(kind))) {
              expect([name, sendsEmpty(operation, parameter)]).toEqual([name, expected]);
            }
          }
        }
      });

      it('asks for pages as large as the document allows', () => {
        const [limit] = documentedSchemas(document, contract.get(call)).get('limit') ?? [];
        if (!limit) return;
        for (const { response = {} } of operationsOf(call).filter(isPaged)) {
          const { pageSize = MAX_PAGE_SIZE } = response as { pageSize?: number };
          expect(pageSize).toBe(limit.maximum);
        }
      });

      it('reads the answer where the document has it', () => {
        const known = answerKeys(document, contract.get(call));
        for (const response of operationsOf(call).map(responseOf)) {
          const key = 'key' in response ? response.key : 'list' in response && response.list;
          const keys = key ? [key] : [];
          expect(keys.filter((each) => !known.has(each))).toEqual(FLAT.includes(call) ? keys : []);
        }
      });
    },
  );

  it('gives each list of the editor the parameters that its operation has', () => {
    for (const [name, source] of Object.entries<ListSource>(LIST_SOURCES)) {
      const { operation, search = operation, searchBy, fields = [], values = {} } = source;
      const given = [...fields, ...Object.keys(values), ...(searchBy ? [searchBy] : [])];
      const known = (search.parameters ?? []).map((each) => each.name);
      expect([name, given.filter((each) => !known.includes(each))]).toEqual([name, []]);
    }
  });

  it('sends the parameters of the AI providers that the document has, and no others', () => {
    const inner = operationsOf('POST /api/generate')
      .flatMap(({ parameters = [] }) => parameters.map(wireName))
      .filter((name) => name.startsWith('params.'))
      .map((name) => name.slice('params.'.length));
    const schema = document.paths['/api/generate'].post?.requestBody?.content['application/json']
      .schema as { allOf: Array<{ then: { properties: { params?: JsonSchema } } }> };
    const known = schema.allOf.flatMap(({ then }) =>
      Object.keys(then.properties.params?.properties ?? {}),
    );
    expect([...new Set(inner)].sort()).toEqual([...new Set(known)].sort());
  });
});
