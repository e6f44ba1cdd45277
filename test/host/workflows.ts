import { randomUUID } from 'node:crypto';

import type { IConnections, INode, INodeParameters, NodeConnectionType } from 'n8n-workflow';

import type { Credential, WorkflowJson } from './client';

/** A node as a test writes it; what the editor would fill in is filled in. */
export type NodeSpec = Pick<INode, 'name' | 'type'> & Partial<INode>;

/** The name of the trigger that {@link chain} puts first when it is given none. */
export const MANUAL = 'When clicking "Execute workflow"';

/** The trigger that starts a workflow by hand. */
export const manualTrigger: NodeSpec = { name: MANUAL, type: 'n8n-nodes-base.manualTrigger' };

/** n8n's Edit Fields node putting out `json`, for one item each time it is given one. */
export function setFields(name: string, json: Record<string, unknown>): NodeSpec {
  return {
    name,
    type: 'n8n-nodes-base.set',
    typeVersion: 3.4,
    parameters: { mode: 'raw', jsonOutput: JSON.stringify(json), options: {} },
  };
}

/** n8n's Code node running `jsCode` once for all items. */
export function code(name: string, jsCode: string): NodeSpec {
  return { name, type: 'n8n-nodes-base.code', typeVersion: 2, parameters: { jsCode } };
}

/** n8n's Webhook node answering POST requests at `path`. */
export function webhook(name: string, path: string): NodeSpec {
  const parameters: INodeParameters = { httpMethod: 'POST', path, options: {} };
  return { name, type: 'n8n-nodes-base.webhook', typeVersion: 2, parameters, webhookId: path };
}

/** A workflow whose nodes run one after the other. */
export function chain(name: string, ...specs: NodeSpec[]): WorkflowJson {
  const nodes = specs.map((spec, index) => toNode(spec, [index * 220, 0]));
  const connections: IConnections = {};
  nodes.slice(1).forEach((node, index) => {
    connections[nodes[index].name] = { main: [[{ node: node.name, type: 'main', index: 0 }]] };
  });
  return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}

/** Adds a node that serves another one, as a model or a tool serves an AI Agent. */
export function connect(
  { nodes, connections }: WorkflowJson,
  spec: NodeSpec,
  type: NodeConnectionType,
  to: string,
): void {
  nodes.push(toNode(spec, [nodes.length * 220, 220]));
  connections[spec.name] = { [type]: [[{ node: to, type, index: 0 }]] };
}

function toNode(spec: NodeSpec, position: INode['position']): INode {
  return { id: randomUUID(), typeVersion: 1, position, parameters: {}, ...spec };
}

/** Nodes of n8n that give each item the file `content` in its binary field `data`. */
export function binaryFile(content: Buffer, fileName: string, mimeType: string): NodeSpec[] {
  return [
    setFields('File as text', { content: content.toString('base64') }),
    {
      name: 'File',
      type: 'n8n-nodes-base.convertToFile',
      typeVersion: 1.1,
      parameters: {
        operation: 'toBinary',
        sourceProperty: 'content',
        options: { fileName, mimeType },
      },
    },
  ];
}

/** The action node of this package. */
export function imagineAnything(name: string, spec: Partial<NodeSpec>): NodeSpec {
  return { name, type: 'n8n-nodes-imagineanything.imagineAnything', ...spec };
}

/**
 * Chooses a credential in every ImagineAnything node of a workflow, as the editor does by itself on an import
 * where there is exactly one.
 */
export function withCredential<T extends WorkflowJson>(
  workflow: T,
  { id, name, type }: Credential,
): T {
  const nodes = workflow.nodes.map((node) =>
    node.type.startsWith('n8n-nodes-imagineanything.')
      ? { ...node, credentials: { [type]: { id, name } } }
      : node,
  );
  return { ...workflow, nodes };
}
