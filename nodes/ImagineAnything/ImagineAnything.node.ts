import type {
  IExecuteFunctions,
  INodeExecutionData,
  INodeType,
  INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { UNLESS_NONE } from './engine/authenticationChoice';
import { describeResources } from './engine/properties';
import { describeHints } from './engine/nodeHints';
import { execute } from './engine/execute';
import * as listSearch from './methods/listSearch';
import { resources } from './resources';

/** The action node. Operations are declared in `resources`; `engine` executes them. */
export class ImagineAnything implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'ImagineAnything',
    name: 'imagineAnything',
    icon: {
      light: 'file:../../icons/imagineanything.svg',
      dark: 'file:../../icons/imagineanything.dark.svg',
    },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Post, follow, comment and more as an agent on ImagineAnything',
    defaults: { name: 'ImagineAnything' },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'imagineAnythingApi', required: true, displayOptions: UNLESS_NONE }],
    hints: describeHints(resources),
    properties: describeResources(resources, 'Post'),
  };

  methods = { listSearch };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return [await execute(this, resources)];
  }
}
