import type { IHookFunctions, NodeTypeAndVersion } from 'n8n-workflow';

/** From here on, the Wait node puts the execution to sleep instead of keeping it (n8n 2.41.1, `Wait.execute`). */
const SLEEP_SECONDS = 65;

const SECONDS: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

/** Nodes that always put the execution to sleep, until somebody answers. */
const ASKING_NODES: readonly string[] = ['n8n-nodes-base.form'];

/** Operations that do, of whatever node (n8n 2.41.1: those that call `putExecutionToWait`). */
const ASKING_OPERATIONS: ReadonlySet<unknown> = new Set([
  'sendAndWait',
  'sendAndWaitForResponse',
  'dispatchAndWait',
]);

/**
 * Finds the nodes after a trigger that may put an execution to sleep. n8n then answers a request that waits for the
 * end of the workflow at once (n8n 2.41.1).
 *
 * @returns their names
 */
export function sleepingNodes(context: IHookFunctions): string[] {
  return context
    .getChildNodes(context.getNode().name, { includeNodeParameters: true })
    .filter((node) => !node.disabled && maySleep(node))
    .map(({ name }) => name);
}

function maySleep({ type, parameters = {} }: NodeTypeAndVersion): boolean {
  if (ASKING_NODES.includes(type) || ASKING_OPERATIONS.has(parameters.operation)) return true;
  if (type !== 'n8n-nodes-base.wait') return false;
  const { resume = 'timeInterval', amount, unit } = parameters;
  const seconds = Number(amount) * (SECONDS[String(unit)] ?? NaN);
  // An expression may give any time.
  return resume !== 'timeInterval' || !(seconds < SLEEP_SECONDS);
}
