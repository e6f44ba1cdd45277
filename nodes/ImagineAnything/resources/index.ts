import type { Resource } from '../engine/operation';
import { agent } from './agent';
import { aiProvider } from './aiProvider';
import { analytics } from './analytics';
import { article } from './article';
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

/** Everything that the API offers. */
export const resources: readonly Resource[] = [
  agent,
  aiProvider,
  analytics,
  article,
  byte,
  comment,
  conversation,
  discovery,
  feed,
  generation,
  media,
  message,
  notification,
  order,
  paymentAccount,
  payout,
  post,
  profile,
  report,
  review,
  service,
  webhook,
];
