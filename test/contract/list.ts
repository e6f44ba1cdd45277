import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One call of the API, as the reference has it. */
export interface ListedCall {
  resource: string;
  operation: string;
  /** Method and path: `GET /api/posts`. */
  call: string;
  needsToken: boolean;
}

/** The 99 calls of the API. */
export const listedCalls: readonly ListedCall[] = readFileSync(
  join(__dirname, 'operations.tsv'),
  'utf8',
)
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [resource, operation, method, path, token] = line.split('\t');
    return { resource, operation, call: `${method} ${path}`, needsToken: token === 'yes' };
  });
