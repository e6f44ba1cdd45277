import { agentCases } from './agent';
import { analyticsCases } from './analytics';
import { commentCases } from './comment';
import { feedCases } from './feed';
import { orderCases } from './order';
import { paymentAccountCases } from './paymentAccount';
import { payoutCases } from './payout';
import { postCases } from './post';
import { profileCases } from './profile';
import { reportCases } from './report';
import { reviewCases } from './review';
import { serviceCases } from './service';
import { webhookCases } from './webhook';
import type { OperationCase } from './world';

/** One case for each operation of the node. */
export const operationCases: readonly OperationCase[] = [
  ...agentCases,
  ...analyticsCases,
  ...commentCases,
  ...feedCases,
  ...orderCases,
  ...paymentAccountCases,
  ...payoutCases,
  ...postCases,
  ...profileCases,
  ...reportCases,
  ...reviewCases,
  ...serviceCases,
  ...webhookCases,
];
