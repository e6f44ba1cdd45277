import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { CREDENTIAL } from '../transport/client';
import { isRecord } from '../transport/failure';
import type { UploadFile } from '../transport/multipart';
import { shown } from '../transport/shown';
import {
  applies,
  checkFileReference,
  checkGiven,
  checkTogether,
  checkValue,
  ParameterProblem,
} from './validate';
import { collectionOf, fieldName, isOptional } from './properties';
import { takeFile } from './files';
import { takeFileFromUrl } from './fileFromUrl';
import type { CredentialSecret, Operation, Parameter, WireValue } from './operation';

/** The checked values of one item, by the names of the parameters. */
export type ItemParameters = Map<string, WireValue | UploadFile>;

/**
 * Reads and checks the values of an operation for one item.
 *
 * @param context the functions of the running node
 * @param operation what to run
 * @param index which item
 * @param timeoutMs how long the download of a file may take; by default what fits the largest
 * @throws ParameterProblem when a value must not be sent
 * @throws NodeOperationError when a value should be in the credential, and is not there
 */
export async function readParameters(
  context: IExecuteFunctions,
  operation: Operation,
  index: number,
  timeoutMs?: number,
): Promise<ItemParameters> {
  const values: ItemParameters = new Map();
  const parameters = operation.parameters ?? [];
  const optional = parameters.some(isOptional)
    ? context.getNodeParameter(collectionOf(operation).name, index, {}, { skipValidation: true })
    : {};
  if (!isRecord(optional)) {
    throw new ParameterProblem(
      collectionOf(operation).displayName,
      `must be an object, but is ${shown(optional)}.`,
    );
  }
  const isAdded = (field: string) => Object.hasOwn(optional, field);
  const emptyMeansClear = operation.endpoint.startsWith('PATCH ');
  const read = async (parameter: Parameter): Promise<unknown> => {
    const { fromCredential } = parameter;
    if (fromCredential) {
      const chosen = String(values.get(fromCredential.by));
      return await readSecret(context, operation, fromCredential, chosen, index);
    }
    const field = fieldName(parameter);
    if (isOptional(parameter)) return optional[field];
    return context.getNodeParameter(field, index, '', { skipValidation: true });
  };
  for (const parameter of parameters) {
    if (!applies(parameter, values)) continue;
    if (isOptional(parameter) && !isAdded(fieldName(parameter))) continue;
    const raw = await read(parameter);
    values.set(
      parameter.name,
      parameter.kind === 'file'
        ? await readFile(context, parameter, raw, index, timeoutMs)
        : checkGiven(parameter, raw, { emptyMeansClear }),
    );
  }
  checkTogether(operation, values);
  return values;
}

type FileParameter = Extract<Parameter, { kind: 'file' }>;

async function readFile(
  context: IExecuteFunctions,
  parameter: FileParameter,
  raw: unknown,
  index: number,
  timeoutMs?: number,
): Promise<UploadFile | undefined> {
  const { displayName, from, required } = parameter;
  const missing = (advice: string): undefined => {
    if (!required) return undefined;
    throw new ParameterProblem(displayName, `is required and must not be empty. ${advice}`);
  };
  if (from === 'url') {
    const address = checkValue({ name: 'fileUrl', displayName, kind: 'text', in: 'recipe' }, raw);
    return address === undefined
      ? missing('Give the address of the file, which starts with https://.')
      : await takeFileFromUrl(context, index, String(address), parameter, timeoutMs);
  }
  // An expression that finds nothing gives undefined.
  const given = checkFileReference(raw ?? '', (problem) => {
    throw new ParameterProblem(displayName, problem);
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
  // What was pasted with a line end would not be recognised where an answer repeats it.
  const secret = String(credentials[name] ?? '').trim();
  const place = `the field "${displayName}" of the credential "${reference?.name}"`;
  if (secret === '') return refuse(`${place} is empty`, `Nothing was sent. ${whenEmpty}`);
  if (/\s/.test(secret)) {
    return refuse(
      `${place} has spaces or line breaks in it`,
      'Nothing was sent. Correct it in the credential.',
    );
  }
  return secret;
}

/**
 * Gives the values that nobody may see.
 *
 * @param operation what was run
 * @param values its checked values
 */
export function secretsOf(operation: Operation, values: ReadonlyMap<string, unknown>): string[] {
  return (operation.parameters ?? [])
    .filter(({ fromCredential }) => fromCredential)
    .map(({ name }) => values.get(name))
    .filter((value): value is string => typeof value === 'string' && value !== '');
}
