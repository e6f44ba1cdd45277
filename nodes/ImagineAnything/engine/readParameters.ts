import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { CREDENTIAL } from '../transport/client';
import { isRecord } from '../../../credentials/http/record';
import type { UploadFile } from '../transport/multipart';
import { formatValue } from '../transport/formatValue';
import { collectValues, NOT_GIVEN, type ReadValue } from './collectValues';
import { validateFileReference, validateValue, ParameterError, locatorValue } from './validate';
import { takeFile } from './files';
import { takeFileFromUrl } from './fileFromUrl';
import { collectionOf, type Operation } from './operation';
import {
  type CredentialSecret,
  fallbackOf,
  type FileParameter,
  fieldName,
  isOptional,
  isRequired,
  type Parameter,
  type Values,
} from './parameter';

/**
 * Reads and validates the values of an operation for one item.
 *
 * @param context the functions of the running node
 * @param operation what to run
 * @param index which item
 * @param timeoutMs how long the download of a file may take; by default what fits the largest
 * @throws ParameterError when a value must not be sent
 * @throws NodeOperationError when a value is missing in the credential
 */
export async function readParameters(
  context: IExecuteFunctions,
  operation: Operation,
  index: number,
  timeoutMs?: number,
): Promise<Values> {
  const collection = collectionOf(operation);
  const optional = (operation.parameters ?? []).some(isOptional)
    ? context.getNodeParameter(collection.name, index, {}, { skipValidation: true })
    : {};
  if (!isRecord(optional)) {
    throw new ParameterError(
      collection.displayName,
      `must be an object, but is ${formatValue(optional)}.`,
    );
  }
  const read: ReadValue = async (parameter, values) => {
    const { fromCredential } = parameter;
    if (fromCredential) {
      const chosen = String(values.get(fromCredential.by));
      return await readSecret(context, operation, fromCredential, chosen, index);
    }
    const field = fieldName(parameter);
    if (isOptional(parameter) && !Object.hasOwn(optional, field)) return NOT_GIVEN;
    const raw = isOptional(parameter)
      ? optional[field]
      : context.getNodeParameter(field, index, fallbackOf(parameter) ?? '', {
          skipValidation: true,
        });
    return parameter.kind === 'file'
      ? await readFile(context, parameter, raw, index, timeoutMs)
      : raw;
  };
  return await collectValues(operation, read, (parameter) =>
    isExpression(context, operation, parameter, index),
  );
}

/**
 * Whether an expression gives a parameter. One that asks the model of an AI Agent does not count: an
 * empty text is how a model says that it does not want the filter, and its choices are those of the list.
 */
function isExpression(
  context: IExecuteFunctions,
  operation: Operation,
  parameter: Parameter,
  index: number,
): boolean {
  const field = fieldName(parameter);
  const raw = (name: string): unknown =>
    context.getNodeParameter(name, index, '', { rawExpressions: true });
  const collection = isOptional(parameter) ? raw(collectionOf(operation).name) : {};
  const stored = isOptional(parameter) ? isRecord(collection) && collection[field] : raw(field);
  const value = locatorValue(stored);
  return typeof value === 'string' && value.startsWith('=') && !/\$fromai\s*\(/i.test(value);
}

async function readFile(
  context: IExecuteFunctions,
  parameter: FileParameter,
  raw: unknown,
  index: number,
  timeoutMs?: number,
): Promise<UploadFile | undefined> {
  const { displayName, from } = parameter;
  const missing = (advice: string): undefined => {
    if (!isRequired(parameter)) return undefined;
    throw new ParameterError(displayName, `is required and must not be empty. ${advice}`);
  };
  if (from === 'url') {
    const url = validateValue({ name: 'fileUrl', displayName, kind: 'text', in: 'local' }, raw);
    return url === undefined
      ? missing('Give the address of the file, which starts with https://.')
      : await takeFileFromUrl(context, index, String(url), parameter, timeoutMs);
  }
  // An expression that finds nothing gives undefined.
  const given = validateFileReference(raw ?? '', (problem) => {
    throw new ParameterError(displayName, problem);
  });
  return given === ''
    ? missing('Give the name of the binary field with the file, or the file itself.')
    : await takeFile(context, index, given, parameter);
}

async function readSecret(
  context: IExecuteFunctions,
  operation: Operation,
  { fields, whenEmpty }: CredentialSecret,
  chosen: string,
  itemIndex: number,
): Promise<string> {
  const node = context.getNode();
  const reference = node.credentials?.[CREDENTIAL];
  const refuse = (problem: string, description: string): never => {
    throw new NodeOperationError(node, `${operation.action}: ${problem}`, {
      itemIndex,
      level: 'warning',
      description,
    });
  };
  const { name, displayName } = fields[chosen];
  const credentials = await context.getCredentials(CREDENTIAL, itemIndex);
  // With the line end of a careless paste, it could not be masked in a response.
  const secret = String(credentials[name] ?? '').trim();
  const place = `the field "${displayName}" of the credential "${reference?.name}"`;
  if (secret === '') return refuse(`${place} is empty`, `Nothing was sent. ${whenEmpty}`);
  if (/\s/.test(secret)) {
    return refuse(
      `${place} contains spaces or line breaks`,
      'Nothing was sent. Correct it in the credential.',
    );
  }
  return secret;
}
