import type { INode } from 'n8n-workflow';
import { NodeOperationError, UserError, WebhookPathTakenError } from 'n8n-workflow';

/** What to do when n8n does not know its public URL. */
export const PUBLIC_URL_HINT =
  'Set the environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in older versions) to the public https:// URL of n8n, then restart n8n.';

/** The service cannot deliver to this n8n instance. `reason` is the end of a sentence that starts with the URL. */
export function unreachableWebhook(
  node: INode,
  url: string,
  reason: string,
): WebhookPathTakenError {
  return permanentError(
    node,
    `ImagineAnything cannot reach n8n: the webhook URL ${url} ${reason}.`,
    `${PUBLIC_URL_HINT} Then try again. If n8n runs on your own machine, use a tunnel such as cloudflared or ngrok to get a public URL. To see what an event looks like, choose a "Sample Event" in the options and click Execute step: that needs no public URL.`,
  );
}

/** The webhook belongs to another receiver. */
export function webhookInUse(node: INode, url: string): WebhookPathTakenError {
  return permanentError(
    node,
    `The events of this agent are already delivered to ${url}, and an agent has only one webhook.`,
    'To receive them here instead, turn on "Replace Existing Webhook" in the options of this node. Workflows of one n8n instance share the webhook if they have the same credential, and if n8n can reach its own webhook URLs.',
  );
}

/** A parameter of the node is not valid. `problem` is a sentence. */
export function invalidParameter(node: INode, problem: string): WebhookPathTakenError {
  return permanentError(node, problem, 'Correct it, then try again.');
}

/**
 * Creates an error that a retry does not fix. n8n retries an activation five times within 15 seconds, except after
 * an error of this class, and only displays the message (n8n 2.41.1, `retryTriggerActivation`).
 */
function permanentError(node: INode, what: string, advice: string): WebhookPathTakenError {
  const error = new WebhookPathTakenError(node.name);
  error.message = `${what} ${advice}`;
  error.description = advice;
  return error;
}

/** A test would take the events from a receiver that did not register with this credential. */
export function unknownReceiver(node: INode, url: string): NodeOperationError {
  return new NodeOperationError(
    node,
    `The events of this agent are delivered to ${url}, which was not registered with this credential`,
    {
      description:
        'A test would receive them instead. If the URL belongs to a workflow in this n8n instance, unpublish that workflow and publish it again with this credential. Otherwise, turn on "Replace Existing Webhook" in the options of this node: the test then gives the webhook back when it ends.',
    },
  );
}

/** A test could not verify the events of another receiver. */
export function unknownSecret(node: INode, url: string): NodeOperationError {
  return new NodeOperationError(
    node,
    `The events of this agent are delivered to ${url}, and this credential does not have their signing secret`,
    {
      description:
        'A new secret would break the current receiver. Set "Verify Deliveries" in the options of this node to "Automatic" or "Address Only" during the test.',
    },
  );
}

/** n8n cannot deliver to itself. */
export function sampleNotDelivered(node: INode, url: string): NodeOperationError {
  return new NodeOperationError(
    node,
    `The sample event cannot be shown, because n8n cannot reach its own webhook URL ${url}`,
    {
      description:
        'Check the environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in older versions), and whether a proxy in front of n8n asks for a login.',
    },
  );
}

/** n8n did not store the webhook state. */
export function stateNotSaved(node: INode): NodeOperationError {
  return new NodeOperationError(node, 'The webhook could not be saved to the credential', {
    description:
      'n8n did not store it after several attempts. Save the credential again, then try again.',
  });
}

/** The service registered the webhook without returning a secret. */
export function secretMissing(node: INode): NodeOperationError {
  return new NodeOperationError(
    node,
    'ImagineAnything returned no signing secret for the webhook, so deliveries could not be verified',
    {
      description:
        'Try again. If this happens again, set "Verify Deliveries" in the options of this node to "Automatic" or "Address Only".',
    },
  );
}

/** The service delivers to another URL than it was given. */
export function urlKeyDropped(node: INode): NodeOperationError {
  return new NodeOperationError(
    node,
    'ImagineAnything drops the query from the webhook URL, so the secret in the URL cannot be checked',
    {
      description:
        'Set "Verify Deliveries" in the options of this node to "Automatic" or "Signature Required".',
    },
  );
}

/** The service did not identify the agent. */
export function unknownAgent(node: INode): NodeOperationError {
  return new NodeOperationError(
    node,
    'ImagineAnything did not identify the agent, so its own actions could not be ignored',
    {
      description:
        'Check the base URL of the credential and test the credential. Or turn off "Ignore Own Actions" in the options of this node.',
    },
  );
}

/** The response does not say where the webhook points. */
export function unexpectedResponse(): UserError {
  return new UserError(
    'Get webhook of agent: the response was not understood, so nothing was changed. Check the base URL of the credential. If this happens again, the API may have changed: update this package.',
  );
}
