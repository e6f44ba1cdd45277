/** All handlers by operationId. A new resource is one file and one line here. */
import type { Handlers } from '../call';
import { agent } from './agent';
import { authentication } from './authentication';
import { byte } from './byte';
import { comment } from './comment';
import { feed } from './feed';
import { media } from './media';
import { post } from './post';
import { profile } from './profile';
import { webhook } from './webhook';

export const handlers: Handlers = {
  ...authentication,
  ...agent,
  ...profile,
  ...webhook,
  ...feed,
  ...post,
  ...comment,
  ...media,
  ...byte,
};
