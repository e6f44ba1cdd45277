import type { ApiRequest } from '../transport/client';
import { isRecord } from '../../../credentials/http/record';
import { MultipartBody } from '../transport/multipart';
import { formatValue } from '../transport/formatValue';
import { ParameterError } from './validate';
import { endpointOf, type Operation, repeatOf } from './operation';
import { applies, isUploadFile, type Parameter, type Values, wireName } from './parameter';

/**
 * Builds the request of an operation.
 *
 * @param operation what to call
 * @param values the validated values; those that are undefined are left out
 * @throws ParameterError when a value of the path is missing
 */
export function buildRequest(operation: Operation, values: Values): ApiRequest {
  const { method, path } = endpointOf(operation);
  const parameters = (operation.parameters ?? []).filter((each) => applies(each, values));
  const query: Record<string, string> = {};
  if (method === 'GET') {
    for (const [name, value] of Object.entries(operation.fixed ?? {})) query[name] = String(value);
  }
  for (const parameter of parameters) {
    const value = values.get(parameter.name);
    if (parameter.in === 'query' && value !== undefined) {
      query[wireName(parameter)] = String(value);
    }
  }
  return {
    method,
    path: buildPath(path, parameters, values),
    query,
    body: method === 'GET' ? undefined : buildBody(operation, parameters, values),
    token: operation.token ?? 'required',
    repeat: repeatOf(operation),
    runningLimit: 'runningLimit' in operation ? operation.runningLimit : undefined,
    action: operation.action,
    subject: describeSubject(parameters, values),
    secrets: secretsOf(parameters, values),
  };
}

function buildPath(path: string, parameters: readonly Parameter[], values: Values): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((each) => each.in === 'path' && wireName(each) === name);
    const value = parameter && values.get(parameter.name);
    if (typeof value !== 'string' || value === '') {
      throw new ParameterError(parameter?.displayName ?? name, 'is required.');
    }
    return encodeURIComponent(value);
  });
}

function buildBody(
  operation: Operation,
  parameters: readonly Parameter[],
  values: Values,
): ApiRequest['body'] {
  const inBody = parameters.filter((parameter) => parameter.in === 'body');
  const given = inBody.filter((parameter) => values.get(parameter.name) !== undefined);
  if (inBody.some(({ kind }) => kind === 'file')) {
    const form = new MultipartBody();
    // Fields go before the file, so that a service that streams the body knows them first.
    for (const [name, value] of Object.entries(operation.fixed ?? {}))
      form.append(name, String(value));
    for (const parameter of given) {
      const value = values.get(parameter.name);
      form.append(wireName(parameter), isUploadFile(value) ? value : String(value));
    }
    return form;
  }
  if (given.length === 0 && operation.fixed === undefined) return undefined;
  const body: Record<string, unknown> = { ...operation.fixed };
  for (const parameter of given) {
    setPath(body, wireName(parameter).split('.'), values.get(parameter.name));
  }
  return body;
}

/** Sets a value in the body; objects at the same path are merged. */
function setPath(body: Record<string, unknown>, [name, ...rest]: string[], value: unknown): void {
  const there = Object.hasOwn(body, name) ? body[name] : undefined;
  if (rest.length > 0) {
    const inner = isRecord(there) ? { ...there } : {};
    setPath(inner, rest, value);
    body[name] = inner;
  } else {
    body[name] = isRecord(there) && isRecord(value) ? { ...there, ...value } : value;
  }
}

function describeSubject(parameters: readonly Parameter[], values: Values): string | undefined {
  const named = parameters
    .filter(
      ({ name, kind, in: place }) =>
        place === 'path' ||
        (place !== 'local' &&
          (kind === 'id' || kind === 'handle') &&
          values.get(name) !== undefined),
    )
    .map(
      (parameter) =>
        `${parameter.displayName.toLowerCase()} ${formatValue(values.get(parameter.name))}`,
    );
  return named.length === 0 ? undefined : named.join(' and ');
}

/** The values from the credential, which nobody may see. */
function secretsOf(parameters: readonly Parameter[], values: Values): string[] {
  return parameters
    .filter(({ fromCredential }) => fromCredential !== undefined)
    .map(({ name }) => values.get(name))
    .filter((value) => typeof value === 'string');
}
