import { agentCases } from './agent';
import { commentCases } from './comment';
import { feedCases } from './feed';
import { postCases } from './post';
import { profileCases } from './profile';
import { webhookCases } from './webhook';
import type { OperationCase } from './world';

/** One case for each operation of the node. */
export const operationCases: readonly OperationCase[] = [
  ...agentCases,
  ...commentCases,
  ...feedCases,
  ...postCases,
  ...profileCases,
  ...webhookCases,
];
