import type { IHookFunctions, NodeTypeAndVersion } from 'n8n-workflow';

/** From here on, the Wait node suspends the execution instead of keeping it running (n8n 2.41.1, `Wait.execute`). */
const SUSPENDING_SECONDS = 65;

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

/** Nodes that always suspend the execution until somebody responds. */
const WAITING_NODES: readonly string[] = ['n8n-nodes-base.form'];

/** Operations of any node that do (n8n 2.41.1: those that call `putExecutionToWait`). */
const WAITING_OPERATIONS: ReadonlySet<unknown> = new Set([
  'sendAndWait',
  'sendAndWaitForResponse',
  'dispatchAndWait',
]);

/**
 * Finds the nodes after a trigger that may put the execution in the status "waiting". n8n then responds at once
 * to a request that waits for the end of the workflow (n8n 2.41.1).
 *
 * @returns their names
 */
export function findWaitingNodes(context: IHookFunctions): string[] {
  return context
    .getChildNodes(context.getNode().name, { includeNodeParameters: true })
    .filter((node) => !node.disabled && mayWait(node))
    .map(({ name }) => name);
}

function mayWait({ type, parameters = {} }: NodeTypeAndVersion): boolean {
  if (WAITING_NODES.includes(type) || WAITING_OPERATIONS.has(parameters.operation)) return true;
  if (type !== 'n8n-nodes-base.wait') return false;
  const { resume = 'timeInterval', amount, unit } = parameters;
  const seconds = Number(amount) * (SECONDS_PER_UNIT[String(unit)] ?? NaN);
  // NaN, from an expression, may be any time.
  return resume !== 'timeInterval' || !(seconds < SUSPENDING_SECONDS);
}
