import type { IDataObject, IHttpRequestMethods, INodeType } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

const field = (name: string) => ({
  displayName: name,
  name,
  type: 'string' as const,
  default: '',
});

/**
 * The least that a node can do for its items: one request after another with n8n's own helper. It checks
 * nothing, knows no limits and repeats nothing; what a real node does on top is what is measured.
 */
export const minimalNode: INodeType = {
  description: {
    displayName: 'Minimal',
    name: 'minimal',
    group: ['transform'],
    version: 1,
    description: 'Requests a path for every item',
    defaults: { name: 'Minimal' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'imagineAnythingApi', required: true }],
    properties: [field('method'), field('path')],
  },
  async execute() {
    const method = this.getNodeParameter('method', 0) as IHttpRequestMethods;
    const { baseUrl } = await this.getCredentials<{ baseUrl: string }>('imagineAnythingApi');
    const output = [];
    for (const item of this.getInputData().keys()) {
      const path = this.getNodeParameter('path', item) as string;
      const json = (await this.helpers.httpRequestWithAuthentication.call(
        this,
        'imagineAnythingApi',
        { method, url: `${baseUrl}/api/${path}`, json: true },
      )) as IDataObject;
      output.push({ json, pairedItem: { item } });
    }
    return [output];
  },
};
