import type { IHookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../credentials/processMap';
import { MAX_NODES, nodeKey } from './nodeIdentity';
import { isSame } from './sameUrl';

interface TrackedTrigger {
  workflow: string | undefined;
  node: string;
  name: string;
  url: string;
}

/** Triggers that n8n activated in this process, by node. A hook only sees its own node and those after it. */
const trackedTriggers = new ProcessMap<TrackedTrigger>(MAX_NODES);

/** Records the webhook URL of a trigger that n8n activates. */
export function trackTrigger(context: IHookFunctions, url: string): void {
  const { id, name } = context.getNode();
  const workflow = context.getWorkflow().id;
  trackedTriggers.set(nodeKey(context), { workflow, node: id, name, url });
}

/** Removes a trigger that n8n deactivates. The end of a test has another URL and removes nothing. */
export function untrackTrigger(context: IHookFunctions, url: string): void {
  const key = nodeKey(context);
  if (trackedTriggers.get(key)?.url === url) trackedTriggers.delete(key);
}

/**
 * Finds another trigger of the same workflow by its webhook URL.
 *
 * @param ownUrl the webhook URL of this trigger
 * @param registeredUrl the webhook URL to find
 * @returns the name of the node; undefined when no other trigger of this workflow has the URL
 */
export function findOtherTrigger(
  context: IHookFunctions,
  ownUrl: string,
  registeredUrl?: string,
): string | undefined {
  if (isSame(ownUrl, registeredUrl)) return undefined;
  const workflow = context.getWorkflow().id;
  const { id } = context.getNode();
  for (const other of trackedTriggers.values()) {
    const isOther = other.workflow === workflow && other.node !== id;
    if (isOther && isSame(other.url, registeredUrl)) return other.name;
  }
  return undefined;
}
