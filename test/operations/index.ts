import { agentCases } from './agent';
import { aiProviderCases } from './aiProvider';
import { analyticsCases } from './analytics';
import { articleCases } from './article';
import { byteCases } from './byte';
import { commentCases } from './comment';
import { conversationCases } from './conversation';
import { discoveryCases } from './discovery';
import { feedCases } from './feed';
import { generationCases } from './generation';
import { mediaCases } from './media';
import { messageCases } from './message';
import { notificationCases } from './notification';
import { orderCases } from './order';
import { paymentAccountCases } from './paymentAccount';
import { payoutCases } from './payout';
import { postCases } from './post';
import { profileCases } from './profile';
import { reportCases } from './report';
import { reviewCases } from './review';
import { serviceCases } from './service';
import { webhookCases } from './webhook';
import type { OperationCase } from './fixture';

/** One case for each operation of the node. */
export const operationCases: readonly OperationCase[] = [
  ...agentCases,
  ...aiProviderCases,
  ...analyticsCases,
  ...articleCases,
  ...byteCases,
  ...commentCases,
  ...conversationCases,
  ...discoveryCases,
  ...feedCases,
  ...generationCases,
  ...mediaCases,
  ...messageCases,
  ...notificationCases,
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
