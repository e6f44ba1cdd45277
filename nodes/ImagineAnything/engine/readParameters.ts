import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { CREDENTIAL } from '../transport/client';
import { isRecord } from '../../../credentials/http/record';
import type { UploadFile } from '../transport/multipart';
import { shown } from '../transport/shown';
import { collectValues, NOT_GIVEN } from './collectValues';
import { checkFileReference, ParameterProblem } from './validate';
import { takeFile } from './files';
import { collectionOf, type Operation } from './operation';
import {
  type CredentialSecret,
  fallbackOf,
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
 * @throws ParameterProblem when a value must not be sent
 * @throws NodeOperationError when a value is missing in the credential
 */
export async function readParameters(
  context: IExecuteFunctions,
  operation: Operation,
  index: number,
): Promise<Values> {
  const collection = collectionOf(operation);
  const optional = (operation.parameters ?? []).some(isOptional)
    ? context.getNodeParameter(collection.name, index, {}, { skipValidation: true })
    : {};
  if (!isRecord(optional)) {
    throw new ParameterProblem(
      collection.displayName,
      `must be an object, but is ${shown(optional)}.`,
    );
  }
  return await collectValues(operation, async (parameter, values) => {
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
    return parameter.kind === 'file' ? await readFile(context, parameter, raw, index) : raw;
  });
}

async function readFile(
  context: IExecuteFunctions,
  parameter: Extract<Parameter, { kind: 'file' }>,
  raw: unknown,
  index: number,
): Promise<UploadFile | undefined> {
  // An expression that finds nothing gives undefined.
  const given = checkFileReference(raw ?? '', (problem) => {
    throw new ParameterProblem(parameter.displayName, problem);
  });
  if (given !== '') return await takeFile(context, index, given, parameter);
  if (!isRequired(parameter)) return undefined;
  throw new ParameterProblem(
    parameter.displayName,
    'is required and must not be empty. Give the name of the binary field with the file, or the file itself.',
  );
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
