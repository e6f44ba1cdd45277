import type { Operation } from '../engine/operation';
import { GET_AGENT } from '../resources/agent';
import { GET_BYTE, GET_BYTE_COMMENTS } from '../resources/byte';
import { GET_COMMENTS } from '../resources/comment';
import { GET_MESSAGE } from '../resources/message';
import { GET_POST } from '../resources/post';
import { GET_PROFILE } from '../resources/profile';
import { CONFIGURE_WEBHOOK, GET_WEBHOOK, REMOVE_WEBHOOK } from '../resources/webhook';

/** The operations that the trigger calls. The actions are those that its users see in errors. */
export const TRIGGER_OPERATIONS = {
  /** By the field of an event that they get, which is also the name of their parameter. */
  details: {
    agent: { ...GET_AGENT, action: 'Get agent of event' },
    post: { ...GET_POST, action: 'Get post of event' },
    byte: { ...GET_BYTE, action: 'Get byte of event' },
    message: { ...GET_MESSAGE, action: 'Get message of event' },
  },
  /** By what the comment is on. A comment has no operation of its own. */
  comments: {
    post: { ...GET_COMMENTS, action: 'Get comment of event' },
    byte: { ...GET_BYTE_COMMENTS, action: 'Get comment of event' },
  },
  own: {
    getProfile: { ...GET_PROFILE, action: 'Get own profile' },
    getWebhook: { ...GET_WEBHOOK, action: 'Get webhook of agent' },
    setWebhookUrl: {
      ...CONFIGURE_WEBHOOK,
      action: 'Update webhook of agent',
      repeat: 'idempotent',
    },
    // Nobody knows a secret whose response was lost, so requesting another one does no harm.
    registerWebhook: {
      ...CONFIGURE_WEBHOOK,
      action: 'Register webhook of agent',
      repeat: 'idempotent',
    },
    requestTestDelivery: {
      ...CONFIGURE_WEBHOOK,
      action: 'Request test delivery',
      repeat: 'idempotent',
    },
    deleteWebhook: { ...REMOVE_WEBHOOK, action: 'Delete webhook of agent' },
  },
} satisfies Record<string, Record<string, Operation>>;
