import type { FunctionsBase } from 'n8n-workflow';

/** The part of n8n's contexts that identifies a node. */
export type NodeContext = Pick<FunctionsBase, 'getWorkflow' | 'getNode'>;

/** More triggers than one n8n instance has; what is known of the one that was idle longest is dropped first. */
export const MAX_NODES = 1000;

/** @returns a key that identifies a node across workflows */
export function nodeKey(context: NodeContext): string {
  return `${context.getWorkflow().id} ${context.getNode().id}`;
}

/** @returns how n8n's log refers to a trigger */
export function triggerName(context: Pick<FunctionsBase, 'getNode'>): string {
  return `ImagineAnything Trigger "${context.getNode().name}"`;
}
