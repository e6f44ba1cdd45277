import type { INode } from 'n8n-workflow';
import { NodeOperationError, UserError, WebhookPathTakenError } from 'n8n-workflow';

/** What to do where n8n does not know its public address. */
export const PUBLIC_ADDRESS =
  'Set the environment variable N8N_WEBHOOK_URL of n8n (WEBHOOK_URL in older versions) to the public https:// address under which it can be reached, and start n8n again.';

/** The service could not deliver to this n8n. `reason` goes on from the address. */
export function outOfReach(node: INode, own: string, reason: string): WebhookPathTakenError {
  return hopeless(
    node,
    `ImagineAnything cannot reach this n8n: its address ${own} ${reason}.`,
    `${PUBLIC_ADDRESS} Then publish the workflow again. For an n8n on your own machine, a tunnel such as cloudflared or ngrok gives you an address.`,
  );
}

/** The webhook is somebody else's. */
export function elsewhere(node: INode, address: string): WebhookPathTakenError {
  return hopeless(
    node,
    `The events of this agent already go to ${address}, and an agent has one webhook only.`,
    'Either turn on "Replace Existing Webhook" in the options of this node, and the events come here instead. Or let one workflow with this trigger receive all events and hand them to others with "Execute Sub-workflow".',
  );
}

/** The webhook is that of another trigger in the same workflow. */
export function siblings(node: INode, other: string): WebhookPathTakenError {
  return hopeless(
    node,
    `The trigger "${other}" of this workflow receives the events of this agent already, and an agent has one webhook only.`,
    'Use one trigger with both events: choose in it the events of both, tell them apart by the field "event", for example with a Switch node, and delete the other trigger.',
  );
}

/** A parameter of the node is not what it should be. `what` is a sentence without its stop. */
export function unusable(node: INode, what: string): WebhookPathTakenError {
  return hopeless(node, `${what}.`, 'Correct it, then publish the workflow again.');
}

/**
 * Makes an error that trying again does not cure. n8n tries to activate five times in 15 seconds, except
 * after an error of this class, and shows nothing but the message (n8n 2.41.1, `retryTriggerActivation`).
 */
function hopeless(node: INode, what: string, advice: string): WebhookPathTakenError {
  const error = new WebhookPathTakenError(node.name);
  error.message = `${what} ${advice}`;
  error.description = advice;
  return error;
}

/** A test cannot borrow the webhook. */
export function unverifiable(node: INode, address: string): NodeOperationError {
  return new NodeOperationError(
    node,
    `The events of this agent go to ${address}, and the secret that signs them is not known here`,
    {
      description:
        'Listening for a test event would borrow the webhook, but could not verify what arrives, and a new secret would break the present receiver. If the address belongs to a workflow of this n8n, unpublish and publish that workflow once, with the same credential. Or publish this workflow with "Replace Existing Webhook". Or turn off "Verify Signature" while you test.',
    },
  );
}

/** n8n lost the note. */
export function notSaved(node: INode): NodeOperationError {
  return new NodeOperationError(
    node,
    'The webhook of the agent could not be noted in the credential',
    {
      description:
        'n8n did not store it with the credential, although it was asked to several times. Save the credential once more, then try again.',
    },
  );
}

/** The service registered the webhook without a secret. */
export function withoutSecret(node: INode): NodeOperationError {
  return new NodeOperationError(
    node,
    'The service gave no usable secret for the webhook, so deliveries could not be verified',
    {
      description:
        'Try again. If it stays like this, the service has changed: look for a new version of this package, or turn off "Verify Signature" in the options of the node.',
    },
  );
}

/** The service did not say who the agent is. */
export function unknownAgent(node: INode): NodeOperationError {
  return new NodeOperationError(
    node,
    'The service did not say who the agent is, so its own actions could not be left out',
    {
      description:
        'Check the base URL of the credential and test it. Or turn off "Ignore Own Actions" in the options of the node.',
    },
  );
}

/** The answer about the webhook has no form in which it could be read. */
export function unclear(): UserError {
  return new UserError(
    'Get the webhook of the agent: the answer does not say clearly where the events go, so nothing was changed. Check the base URL of the credential. If it stays like this, the service has changed: look for a new version of this package.',
  );
}
