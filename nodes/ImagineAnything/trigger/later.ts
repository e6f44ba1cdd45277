import type { IHookFunctions } from 'n8n-workflow';
import { pause } from '../transport/pause';
import { persistently, RETURN_MS } from './patience';
import { nodeKey } from './session';
import { messageOf } from './text';
import { inTurn } from './turns';

/** How long n8n may take from the end of a registration to the next one. Mostly it is far less than a second. */
const AGAIN_MS = 5_000;

/** The latest of each node. */
const waiting = new Map<string, symbol>();

/**
 * Removes the webhook of a node some seconds from now. Where a changed trigger is published again, n8n ends its
 * registration and then begins the next one, and the first hook cannot know that there is a second: mode,
 * activation and workflow are those of an unpublication (n8n 2.41.1, `WorkflowPublicationApplier`,
 * `WebhookTriggerRegistrar.deregister`). Nobody waits for it, so what fails is logged.
 *
 * @param context the functions that n8n gave to the hook
 * @param agent whose webhook it is
 * @param remove removes it, unless the node has registered again meanwhile
 */
export function removeLater(
  context: IHookFunctions,
  agent: string,
  remove: () => Promise<void>,
): void {
  const key = nodeKey(context);
  const mine = Symbol(key);
  waiting.set(key, mine);
  const work = async () => {
    await pause(AGAIN_MS);
    if (waiting.get(key) !== mine) return;
    waiting.delete(key);
    await persistently(async () => await inTurn(agent, remove), RETURN_MS);
  };
  work().catch((error: unknown) => {
    context.logger.error(
      `ImagineAnything Trigger "${context.getNode().name}": the webhook could not be removed: ${messageOf(error)}`,
    );
  });
}
