import type { VerificationMode } from '../parameters/options';
import type { AgentIdentity, WebhookState } from '../webhook/webhookState';

/** What every hook observes. */
export interface Observation {
  /** Where the service delivers to; undefined when the agent has no webhook. */
  registeredUrl: string | undefined;
  /** The URL of this node: the test URL while it listens for a test event, otherwise the production URL. */
  ownUrl: string;
  /** What is stored with the credential. */
  state: WebhookState;
  /** The URL that this node stored when it last registered: n8n's own may have changed since. */
  storedUrl: string | undefined;
}

/** What decides who gets the webhook when a workflow becomes active. */
export interface ActivationObservation extends Observation {
  /** The ID of the node, which n8n puts into both of its URLs. */
  webhookId: string | undefined;
  /** The option *Replace Existing Webhook*. */
  replace: boolean;
  /** The option *Rotate Secret*. */
  rotate: boolean;
  /** The option *Verify Deliveries*. */
  verification: VerificationMode;
  /** Whether n8n starts or becomes the leader, so that nobody asked for this activation just now. */
  isRestart: boolean;
  /** Whether n8n publishes a changed trigger again. */
  isUpdate: boolean;
  /**
   * Whether a trigger of this package accepts deliveries at the URL that has the webhook. Only observed where
   * `dependsOnUse`.
   */
  isInUse: boolean;
  /** The name of the workflow whose active trigger has the webhook, if this process knows it. */
  owner: string | undefined;
  /** Whether this process is about to delete the webhook, because its workflow was unpublished just now. */
  isEnding: boolean;
}

/** What `isRegistered` observes when n8n starts. */
export interface RestartObservation extends ActivationObservation {
  /** Why the service cannot reach the URL of this node, as the end of a sentence. Only observed after a move. */
  unreachableReason: string | undefined;
}

/** What `register` observes. */
export interface RegistrationObservation extends ActivationObservation {
  isTest: boolean;
  /** Who the agent is, or why the service did not say. */
  agent: AgentIdentity | { error: unknown };
  ignoreOwnActions: boolean;
  /** A key for the URL that nobody else knows. */
  newUrlKey: string;
}

/** What `unregister` observes. */
export interface EndObservation extends Observation {
  /** The URL to restore that a test stored with its node, in case the state is lost. */
  restoreUrl: string | undefined;
  /** Whether the node has not registered again for some seconds. */
  isLater: boolean;
  /** The receiver to hand the webhook over to: one that accepts deliveries, if any does. */
  nextReceiver: string | undefined;
}
