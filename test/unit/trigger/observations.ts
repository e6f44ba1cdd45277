/** What the tests of the plan observe. */
import type { WebhookState } from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import type { RegistrationObservation } from '../../../nodes/ImagineAnything/trigger/registration/observation';

export const ID = '0b7f3c1e-6f0e-4a55-9d3a-2f1c6f7d8e90';
export const OWN = `https://n8n.example/webhook/${ID}/webhook`;
export const TEST = `https://n8n.example/webhook-test/${ID}/webhook`;
export const OTHER = 'https://n8n.example/webhook/2c4d-other/webhook';
export const OTHER_TEST = 'https://n8n.example/webhook-test/2c4d-other/webhook';
export const FOREIGN = 'https://elsewhere.example/hook';
export const OLD = `https://old-tunnel.example/webhook/${ID}/webhook`;

/** The key in the registered URL, and one that nobody has used yet. */
export const KEY = 'k'.repeat(32);
export const NEW_KEY = 'n'.repeat(32);

/** A URL with a key, as it is registered. */
export const keyed = (url: string, key = KEY): string => `${url}?webhook_key=${key}`;

export const agent = { id: 'agent_1', handle: 'ada_bot' };
export const empty: WebhookState = {
  agent: 'a',
  secret: '',
  signatureForm: '',
  urlKey: '',
  nextUrlKey: '',
  webhookUrl: '',
  temporaryUrl: '',
  receivers: [],
  id: '',
  handle: '',
};
export const registered: WebhookState = {
  ...empty,
  ...agent,
  secret: 's',
  signatureForm: 'body',
  urlKey: KEY,
  webhookUrl: keyed(OWN),
};

export const observed: RegistrationObservation = {
  registeredUrl: undefined,
  ownUrl: OWN,
  state: empty,
  storedUrl: undefined,
  webhookId: ID,
  replace: false,
  rotate: false,
  isRestart: false,
  isUpdate: false,
  isEnding: false,
  isTest: false,
  agent,
  owner: undefined,
  isInUse: false,
  ignoreOwnActions: true,
  verification: 'automatic',
  newUrlKey: NEW_KEY,
};

export type Change<Observation> = Partial<Observation>;

export const refuse = (reason: string, subject: string) => ({ action: 'refuse', reason, subject });
export const inUse = (url: string) => refuse('webhookInUse', url);
