import type { IHookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { deadlineIn } from '../../../../credentials/http/deadline';
import { sleep } from '../../../../credentials/http/sleep';
import { RESTORE_MS, retryUntil } from './hookDeadline';
import { nodeKey } from '../nodeIdentity';
import { serialize } from '../serialize';
import { messageOf } from '../text';
import { isSame } from '../webhook/sameUrl';

/** How long n8n may take from the end of a registration to the next one. Mostly it is far less than a second. */
const REPUBLISH_MS = 5_000;

/** The latest removal of each node. */
const pending = new ProcessMap<{ agent: string; url: string }>();

/**
 * Removes the webhook of a node some seconds from now. When a changed trigger is published again, n8n ends its
 * registration and then begins the next one, and the first hook cannot know that there is a second: mode,
 * activation and workflow are those of an unpublication (n8n 2.41.1, `WorkflowPublicationApplier`,
 * `WebhookTriggerRegistrar.deregister`). Nobody waits for the removal, so a failure is logged.
 *
 * @param context the functions that n8n gave to the hook
 * @param agent whose webhook it is
 * @param url where it delivers to
 * @param remove removes it, unless the node has registered again meanwhile
 */
export function removeLater(
  context: IHookFunctions,
  agent: string,
  url: string,
  remove: () => Promise<void>,
): void {
  const key = nodeKey(context);
  const current = { agent, url };
  pending.set(key, current);
  const work = async () => {
    await sleep(REPUBLISH_MS);
    const removeUnlessCancelled = async () => {
      // The node may have registered again while this waited for its turn.
      if (pending.get(key) === current) await remove();
    };
    try {
      await retryUntil(
        deadlineIn(RESTORE_MS),
        async () => await serialize(agent, removeUnlessCancelled),
      );
    } finally {
      if (pending.get(key) === current) pending.delete(key);
    }
  };
  work().catch((error: unknown) => {
    context.logger.error(
      `ImagineAnything Trigger "${context.getNode().name}": the webhook could not be removed: ${messageOf(error)}`,
    );
  });
}

/** Keeps the webhook of a node that has registered again. */
export function cancelRemoval(context: IHookFunctions): void {
  pending.delete(nodeKey(context));
}

/** Whether this process is about to remove the webhook of an agent that delivers to a URL. */
export function isBeingRemoved(agent: string, url: string): boolean {
  return [...pending.values()].some(
    (removal) => removal.agent === agent && isSame(removal.url, url),
  );
}
