/**
 * A test in the editor takes one delivery. n8n accepts others at the test URL until our hook has restored the webhook
 * (n8n 2.41.1, `TestWebhooks.deactivateWebhooks`), which would be lost for the published workflows.
 */
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { MAX_NODES, type NodeContext, nodeKey } from '../nodeIdentity';

/** The nodes whose test has ended in this process. */
const ended = new ProcessMap<true>(MAX_NODES);

/** Records that n8n listens for a test event. */
export function beginTest(context: NodeContext): void {
  ended.delete(nodeKey(context));
}

/**
 * Records that a test has its delivery, or ends without one.
 *
 * @returns false when it had ended before
 */
export function endTest(context: NodeContext): boolean {
  const key = nodeKey(context);
  if (ended.has(key)) return false;
  ended.set(key, true);
  return true;
}
