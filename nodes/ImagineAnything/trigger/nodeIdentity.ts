import type { FunctionsBase } from 'n8n-workflow';

/** The part of n8n's contexts that identifies a node. */
export type NodeContext = Pick<FunctionsBase, 'getWorkflow' | 'getNode'>;

/** @returns a key that identifies a node across workflows */
export function nodeKey(context: NodeContext): string {
  return `${context.getWorkflow().id} ${context.getNode().id}`;
}

/** @returns how n8n's log refers to a trigger */
export function triggerName(context: Pick<FunctionsBase, 'getNode'>): string {
  return `ImagineAnything Trigger "${context.getNode().name}"`;
}
