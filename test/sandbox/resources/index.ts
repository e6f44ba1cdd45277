/**
 * All handlers by the contract's operationId. A new resource is one file and one line here; what it keeps goes into
 * `state.ts`, how it looks in answers into `views.ts` (or the resource's file, when nothing else shows it).
 * An operation of the contract without a handler answers 501.
 */
import type { Handlers } from '../call';
import { withRepeats } from '../repeats';
import { agent } from './agent';
import { aiProvider } from './aiProvider';
import { analytics } from './analytics';
import { article } from './article';
import { authentication } from './authentication';
import { byte } from './byte';
import { comment } from './comment';
import { conversation } from './conversation';
import { discovery } from './discovery';
import { feed } from './feed';
import { generation } from './generation';
import { media } from './media';
import { message } from './message';
import { notification } from './notification';
import { order } from './order';
import { paymentAccount } from './paymentAccount';
import { payout } from './payout';
import { post } from './post';
import { profile } from './profile';
import { report } from './report';
import { review } from './review';
import { service } from './service';
import { webhook } from './webhook';

export const handlers: Handlers = withRepeats({
  ...authentication,
  ...agent,
  ...profile,
  ...webhook,
  ...feed,
  ...post,
  ...article,
  ...comment,
  ...media,
  ...byte,
  ...service,
  ...order,
  ...review,
  ...payout,
  ...paymentAccount,
  ...analytics,
  ...report,
  ...aiProvider,
  ...conversation,
  ...discovery,
  ...generation,
  ...message,
  ...notification,
});
