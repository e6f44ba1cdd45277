import type { IHookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../credentials/processMap';
import { keepNewest } from './bounded';
import { isSame } from './webhookPlan';
import { nodeKey } from './shutdown';

interface Registered {
  workflow: string | undefined;
  node: string;
  name: string;
  address: string;
}

/** Triggers that n8n set up in this process, by node. */
const known = new ProcessMap<Registered>();

/** Notes under which address a trigger takes deliveries: a hook sees no other nodes but those that follow its own. */
export function noteAddress(context: IHookFunctions, address: string): void {
  const { id, name } = context.getNode();
  const workflow = context.getWorkflow().id;
  keepNewest(known, nodeKey(context), { workflow, node: id, name, address });
}

/** Forgets a trigger that n8n takes down; the end of a test forgets nothing. */
export function forgetAddress(context: IHookFunctions, address: string): void {
  const key = nodeKey(context);
  if (known.get(key)?.address === address) known.delete(key);
}

/**
 * Finds another trigger of the same workflow by its address.
 *
 * @param own the address of this trigger, which is nobody else's
 * @returns the name of the node; undefined when the address is nobody's, or in another workflow
 */
export function siblingAt(
  context: IHookFunctions,
  own: string,
  address?: string,
): string | undefined {
  if (isSame(own, address)) return undefined;
  const workflow = context.getWorkflow().id;
  const { id } = context.getNode();
  for (const other of known.values()) {
    const isSibling = other.workflow === workflow && other.node !== id;
    if (isSibling && isSame(other.address, address)) return other.name;
  }
  return undefined;
}
