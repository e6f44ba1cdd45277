import { bundle, createConfig } from '@redocly/openapi-core';
import { join } from 'node:path';

/** A JSON Schema (2020-12) without references. */
export type JsonSchema = Record<string, unknown>;

/** One path or query parameter. */
export interface ContractParameter {
  name: string;
  in: 'path' | 'query';
  required?: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
}

/** A body in one media type. */
export interface ContractMediaType {
  schema: JsonSchema;
  example?: unknown;
  examples?: Record<string, { summary?: string; value: unknown }>;
  /** For uploads: the media types each part accepts, separated by commas. */
  encoding?: Record<string, { contentType?: string }>;
}

/** One answer; without `content` it has no body. */
export interface ContractResponse {
  description: string;
  headers?: Record<string, { required?: boolean; schema: JsonSchema; example?: unknown }>;
  content?: Record<string, ContractMediaType>;
}

/** One call of the API. */
export interface ContractOperation {
  operationId: string;
  tags: [resource: string];
  summary: string;
  description?: string;
  /** Absent: a token is needed. Empty: none is. */
  security?: Array<Record<string, string[]>>;
  parameters?: ContractParameter[];
  requestBody?: { required?: boolean; content: Record<string, ContractMediaType> };
  responses: Record<string, ContractResponse>;
  'x-operation': string;
  'x-assumption'?: string;
  /** Where a call is from that the reference does not have. */
  'x-source'?: 'pages';
  /** The status the sandbox answers where the reference allows several. */
  'x-sandbox-status'?: number;
}

/** Methods the API uses, as OpenAPI writes them. */
export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** One of {@link METHODS}. */
export type Method = (typeof METHODS)[number];

/** All calls of one path, with the path parameters they share. */
export type ContractPath = { parameters?: ContractParameter[] } & Partial<
  Record<Method, ContractOperation>
>;

/** The OpenAPI document with every `$ref` replaced by what it points to. */
export interface ContractDocument {
  openapi: string;
  info: { title: string; version: string; description?: string };
  servers: Array<{ url: string }>;
  tags: Array<{ name: string; description?: string }>;
  paths: Record<string, ContractPath>;
}

/** One call in short, to compare it with what the node or the sandbox offers. */
export interface OperationSummary {
  operationId: string;
  /** In capitals. */
  method: string;
  path: string;
  /** The tag: the resource of the node. */
  resource: string;
  /** The operation of the node. */
  operation: string;
  needsToken: boolean;
  query: string[];
  bodyFields: string[];
}

/** Where the document begins. */
export const CONTRACT_FILE = join(__dirname, 'openapi.yaml');

/** Reads the document from its files and resolves every reference. */
export async function loadContract(): Promise<ContractDocument> {
  const config = await createConfig({});
  const { bundle: document, problems } = await bundle({
    ref: CONTRACT_FILE,
    config,
    dereference: true,
  });
  if (problems.length > 0) {
    throw new Error(
      problems
        .map(({ message, location: [place] }) =>
          [message, place?.source.absoluteRef, place?.pointer].join(' '),
        )
        .join('\n'),
    );
  }
  return document.parsed as ContractDocument;
}

/** Lists the calls of the document in its order. */
export function listOperations(document: ContractDocument): OperationSummary[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [summarize(path, method, operation)] : [];
    }),
  );
}

function summarize(path: string, method: Method, operation: ContractOperation): OperationSummary {
  const bodies = Object.values(operation.requestBody?.content ?? {});
  return {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path,
    resource: operation.tags[0],
    operation: operation['x-operation'],
    needsToken: operation.security?.length !== 0,
    query: (operation.parameters ?? [])
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => parameter.name),
    bodyFields: [...new Set(bodies.flatMap((body) => fieldsOf(body.schema)))],
  };
}

/** Names of the fields on the first level, those of alternatives included. */
function fieldsOf(schema: JsonSchema): string[] {
  const alternatives = ['oneOf', 'anyOf', 'allOf'].flatMap(
    (keyword) => (schema[keyword] ?? []) as JsonSchema[],
  );
  return [...Object.keys(schema.properties ?? {}), ...alternatives.flatMap(fieldsOf)];
}
