/**
 * The contract as the sandbox enforces it: every request and every answer is checked against the OpenAPI document in
 * `test/contract`, which is written from the reference.
 */
import type Ajv2020 from 'ajv/dist/2020';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import {
  METHODS,
  loadContract,
  type ContractDocument,
  type ContractOperation,
  type ContractParameter,
  type JsonSchema,
} from '../contract/load';
import { ACCEPT_CHOICES, type AcceptOptions, requiring } from './acceptOptions';
import { checksOf, type Checks, type Counting, type FileLimit, inMegabytes } from './counting';
import { invalid } from './errors';
import { allowLoopback } from './secureAddresses';

/** What a file part accepts, as the contract says. */
export interface FileRules {
  /** Media types, lower case. */
  types: string[];
  /** Largest size. */
  maxBytes: FileLimit;
  /** Longest video. */
  maxSeconds: FileLimit;
}

/** One call of the API with its checks. */
export class Operation {
  readonly id: string;
  readonly needsToken: boolean;
  /** Present when the call takes an upload instead of JSON. */
  readonly file: FileRules | undefined;
  readonly #params: Check;
  readonly #query: Check;
  /** By how much the sandbox requires; empty where there is no JSON body. */
  readonly #bodies = new Map<AcceptOptions['requires'], Check>();
  readonly #form: Check | undefined;
  readonly #answers = new Map<string, Check | null>();

  constructor(
    readonly method: string,
    /** As OpenAPI writes it: `/api/posts/{postId}`. */
    readonly path: string,
    private readonly operation: ContractOperation,
    parameters: ContractParameter[],
    { lenient, strict }: Checks,
    { megabyte }: Readonly<Counting>,
  ) {
    this.id = operation.operationId;
    this.needsToken = operation.security?.length !== 0;
    const content = operation.requestBody?.content ?? {};
    const form = content['multipart/form-data'];
    this.#params = new Check(lenient, parametersSchema(parameters, 'path'));
    this.#query = new Check(lenient, parametersSchema(parameters, 'query'));
    const json = content['application/json'];
    for (const requires of json ? ACCEPT_CHOICES.requires : []) {
      this.#bodies.set(requires, new Check(strict, requiring(json.schema, requires)));
    }
    this.#form = form ? new Check(lenient, form.schema) : undefined;
    if (form) {
      const properties = form.schema.properties as Record<string, JsonSchema> | undefined;
      this.file = {
        types: (form.encoding?.file?.contentType ?? '')
          .split(',')
          .map((type) => type.trim().toLowerCase()),
        maxBytes: inMegabytes(properties?.file?.['x-max-bytes'] as FileLimit, megabyte),
        maxSeconds: (properties?.file?.['x-max-seconds'] as FileLimit) ?? Infinity,
      };
    }
    for (const [status, response] of Object.entries(operation.responses)) {
      const schema = response.content?.['application/json']?.schema;
      this.#answers.set(status, schema ? new Check(strict, schema) : null);
    }
  }

  /** The status of a success: the one the contract picks for the sandbox, else the only one. */
  get successStatus(): number {
    const declared = [...this.#answers.keys()].find((status) => status.startsWith('2'));
    return this.operation['x-sandbox-status'] ?? Number(declared ?? 200);
  }

  declares(status: number): boolean {
    return this.#answers.has(String(status));
  }

  /** Whether the contract says that an answer of this status has no body. */
  isBodyless(status: number): boolean {
    return this.#answers.get(String(status)) === null;
  }

  /**
   * Checks path, query and JSON body; query values become what the contract says they are.
   * @throws ApiError 400 naming the field
   */
  checkRequest(
    params: object,
    query: object,
    body: unknown,
    requires: AcceptOptions['requires'] = 'documented',
  ): void {
    const bodyCheck = this.#bodies.get(requires);
    refuse(this.#params.problems(params), 'path');
    refuse(this.#query.problems(query), 'query');
    if (this.#form) return;
    if (!bodyCheck) {
      // A client that always sends JSON sends `{}` with a like; a field in it would be lost, so it is refused.
      const empty =
        body === undefined ||
        (typeof body === 'object' && body !== null && Object.keys(body).length === 0);
      if (!empty) throw invalid('body: this call takes none');
    } else if (body === undefined) {
      if (this.operation.requestBody?.required) throw invalid('body: a JSON body is required');
    } else {
      refuse(bodyCheck.problems(body), 'body');
    }
  }

  /**
   * Checks the fields of an upload; `file` stands for whether there was a file.
   * @throws ApiError 400 naming the field
   */
  checkForm(fields: Record<string, unknown>): void {
    refuse(this.#form?.problems(fields) ?? [], 'form');
  }

  /** What is wrong with an answer of ours; empty when it keeps the contract. */
  answerProblems(status: number, body: unknown): string[] {
    const check = this.#answers.get(String(status));
    if (check === undefined) return [`status ${status} is not in the contract`];
    if (check === null) return body === undefined ? [] : [`status ${status} has no body`];
    if (body === undefined) return [`status ${status} needs a body`];
    return check.problems(body).map((problem) => problem.replace(/^: /, 'body: '));
  }
}

/** Compiled when first needed: a test that likes a post does not pay for the marketplace. */
class Check {
  #validate: ValidateFunction | undefined;

  constructor(
    private readonly ajv: Ajv2020,
    private readonly schema: JsonSchema,
  ) {}

  problems(value: unknown): string[] {
    this.#validate ??= this.ajv.compile(this.schema);
    return this.#validate(value) ? [] : describe(this.#validate.errors ?? []);
  }
}

const compiled = new Map<string, Promise<Operation[]>>();

/** The operations of the contract, read and prepared once a process for each way of counting. */
export async function contractOperations(
  counting: Readonly<Counting> = { characters: 'people', megabyte: 'binary' },
): Promise<Operation[]> {
  const key = `${counting.characters} ${counting.megabyte}`;
  const operations =
    compiled.get(key) ?? loadContract().then((document) => operationsOf(document, counting));
  compiled.set(key, operations);
  return await operations;
}

function operationsOf(document: ContractDocument, counting: Readonly<Counting>): Operation[] {
  const checks = checksOf(counting);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      allowLoopback(operation);
      return [new Operation(method.toUpperCase(), path, operation, parameters, checks, counting)];
    }),
  );
}

function parametersSchema(parameters: ContractParameter[], where: 'path' | 'query'): JsonSchema {
  const here = parameters.filter((parameter) => parameter.in === where);
  return {
    type: 'object',
    additionalProperties: false,
    required: here.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
  };
}

function refuse(problems: string[], where: string): void {
  if (problems.length === 0) return;
  throw invalid(problems.slice(0, 3).join('; ').replace(/^: /, `${where}: `));
}

/** Ajv's errors as `field: why`, one a problem, alternatives named together. */
function describe(errors: ErrorObject[]): string[] {
  const alternatives = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const branches = errors.filter((error) =>
    alternatives.some((alternative) => error.schemaPath.startsWith(`${alternative.schemaPath}/`)),
  );
  // What a condition asks for is among the errors itself.
  const own = errors.filter(
    (error) => error.keyword !== 'if' && !alternatives.includes(error) && !branches.includes(error),
  );
  const either = alternatives.map((alternative) => {
    const missing = branches
      .filter(({ schemaPath }) =>
        /^\/\d+\/required$/.test(schemaPath.slice(alternative.schemaPath.length)),
      )
      .map(({ params }) => String(params.missingProperty));
    const field = fieldName(alternative);
    if (
      missing.length === branches.length &&
      missing.length > 0 &&
      alternative.keyword === 'anyOf'
    ) {
      return `${field}: one of ${[...new Set(missing)].join(', ')} is required`;
    }
    const details = [...new Set(branches.map(explain))].slice(0, 4).join(' or ');
    return details === ''
      ? `${field}: must be exactly one of the forms allowed`
      : `${field}: must be one of the forms allowed (${details})`;
  });
  return [...new Set([...own.map(explain), ...either])];
}

function explain(error: ErrorObject): string {
  const field = fieldName(error);
  switch (error.keyword) {
    case 'additionalProperties':
      return `${join(field, String(error.params.additionalProperty))}: unknown field`;
    case 'required':
      return `${join(field, String(error.params.missingProperty))}: is required`;
    case 'enum':
      return `${field}: must be one of ${(error.params.allowedValues as unknown[]).join(', ')}`;
    case 'const':
      return `${field}: must be ${String(error.params.allowedValue)}`;
    case 'maxLength':
      return `${field}: must be at most ${String(error.params.limit)} characters`;
    case 'minLength':
      return error.params.limit === 1
        ? `${field}: must not be empty`
        : `${field}: must be at least ${String(error.params.limit)} characters`;
    default:
      return `${field}: ${error.message ?? error.keyword}`;
  }
}

function fieldName(error: ErrorObject): string {
  return error.instancePath.slice(1).replaceAll('/', '.');
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}
