import type { Resource } from '../engine/types';
import { agent } from './agent';
import { comment } from './comment';
import { feed } from './feed';
import { post } from './post';
import { profile } from './profile';
import { webhook } from './webhook';

/** Everything that the API offers. */
export const resources: readonly Resource[] = [agent, comment, feed, post, profile, webhook];
