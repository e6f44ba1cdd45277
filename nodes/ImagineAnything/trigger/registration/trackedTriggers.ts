import type { IHookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { MAX_NODES, nodeKey } from '../nodeIdentity';
import { isSame } from '../webhook/sameUrl';

interface TrackedTrigger {
  /** The name of its workflow. */
  workflow: string;
  url: string;
}

/** Triggers that n8n activated in this process, by node. A hook only sees its own node and those after it. */
const trackedTriggers = new ProcessMap<TrackedTrigger>(MAX_NODES);

/** Records the webhook URL of a trigger that n8n activates. */
export function trackTrigger(context: IHookFunctions, url: string): void {
  const { name, id } = context.getWorkflow();
  trackedTriggers.set(nodeKey(context), { workflow: name ?? id ?? '', url });
}

/** Removes a trigger that n8n deactivates. The end of a test has another URL and removes nothing. */
export function untrackTrigger(context: IHookFunctions, url: string): void {
  const key = nodeKey(context);
  if (trackedTriggers.get(key)?.url === url) trackedTriggers.delete(key);
}

/** @returns the name of the workflow whose trigger is active at a webhook URL; undefined when this process knows none */
export function workflowAt(url: string | undefined): string | undefined {
  return [...trackedTriggers.values()].find((trigger) => isSame(trigger.url, url))?.workflow;
}
