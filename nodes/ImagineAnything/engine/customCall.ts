import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

/**
 * The option that n8n adds to the resources and operations of every node whose credential can sign requests
 * (n8n 2.41.1, `injectCustomApiCallOptions`).
 */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/**
 * Reads the selected resource and operation.
 *
 * @throws NodeOperationError for n8n's *Custom API Call*, which no node can run
 */
export function readChoice(context: IExecuteFunctions): { resource: string; operation: string } {
  // With that resource, the node has no operation that n8n could read, so both have a default.
  const [resource, operation] = ['resource', 'operation'].map((name) =>
    String(context.getNodeParameter(name, 0, '')),
  );
  if (resource !== CUSTOM_API_CALL && operation !== CUSTOM_API_CALL) return { resource, operation };
  throw new NodeOperationError(
    context.getNode(),
    'Custom API Call: use the HTTP Request node with the credential type ImagineAnything API',
    {
      description:
        'Nothing was sent. In the HTTP Request node, set "Authentication" to "Predefined Credential Type" and "Credential Type" to "ImagineAnything API". It then authenticates your request as your agent.',
    },
  );
}
