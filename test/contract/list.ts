import { parseYaml } from '@redocly/openapi-core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACT_FILE, METHODS, type ContractDocument, type ContractPath } from './load';

/** One call of the API that an operation of the node makes. */
export interface ListedCall {
  resource: string;
  operation: string;
  /** Method and path: `GET /api/posts`. */
  call: string;
  needsToken: boolean;
}

const read = <Content>(file: string): Content => parseYaml(readFileSync(file, 'utf8')) as Content;

/**
 * All calls of the contract but the token exchange, which the credential makes. Test cases are made of them, so they
 * are read at once and without their schemas; `loadContract` has those.
 */
export const listedCalls: readonly ListedCall[] = Object.entries(
  read<{ paths: Record<string, { $ref: string }> }>(CONTRACT_FILE).paths,
)
  .flatMap(([path, { $ref }]) => {
    const [file, pointer] = $ref.split('#/');
    const [, name] = pointer.split('/');
    const item = read<Partial<ContractDocument>>(join(CONTRACT_FILE, '..', file)).paths?.[name];
    if (item === undefined) throw new Error(`${path} points to ${$ref}, which does not exist`);
    return METHODS.flatMap((method) => toListed(path, method, item));
  })
  .filter(({ resource }) => resource !== 'Authentication');

function toListed(path: string, method: keyof ContractPath, item: ContractPath): ListedCall[] {
  const found = item[method];
  if (found === undefined || Array.isArray(found)) return [];
  return [
    {
      resource: found.tags[0],
      operation: found['x-operation'],
      call: `${method.toUpperCase()} ${path}`,
      needsToken: found.security?.length !== 0,
    },
  ];
}
