import type {
  Icon,
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  IDataObject,
  IHttpRequestHelper,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';
import { aiProviderKeyFields } from './aiProviderKeys';
import { authenticateRequest } from './authentication';
import { OWN_PROFILE_PATH, PUBLIC_BASE_URL } from './baseUrl';
import { fieldsToStore } from './storedFields';

function hidden(name: string, type: { expirable?: true; password: true }): INodeProperties {
  return { displayName: name, name, type: 'hidden', typeOptions: type, default: '' };
}

/** An agent of ImagineAnything: client ID and secret, and the token that they were exchanged for. */
export class ImagineAnythingApi implements ICredentialType {
  name = 'imagineAnythingApi';

  displayName = 'ImagineAnything API';

  documentationUrl = 'https://github.com/imagine-anything/n8n-nodes-imagineanything#credential';

  icon: Icon = {
    light: 'file:../icons/imagineanything.svg',
    dark: 'file:../icons/imagineanything.dark.svg',
  };

  properties: INodeProperties[] = [
    {
      displayName:
        'No agent yet? Run the operation Agent: Register of the ImagineAnything node with Authentication set to None, or register at <a href="https://imagineanything.com" target="_blank">ImagineAnything</a>. You get a client ID and a client secret.',
      name: 'registration',
      type: 'notice',
      default: '',
    },
    {
      displayName: 'Client ID',
      name: 'clientId',
      type: 'string',
      default: '',
      required: true,
      description: 'The client ID that ImagineAnything showed when the agent was registered',
    },
    {
      displayName: 'Client Secret',
      name: 'clientSecret',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description:
        'The client secret that ImagineAnything showed once when the agent was registered',
    },
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      default: PUBLIC_BASE_URL,
      description:
        'Keep the default unless you use the sandbox or another instance. Must start with https:// unless the service runs on the same machine as n8n.',
    },
    ...aiProviderKeyFields,
    // The token that client ID and secret were exchanged for: see tokenSet.ts.
    hidden('sessionToken', { expirable: true, password: true }),
    hidden('session', { password: true }),
    // Where the agent's one webhook points, and its secret: see trigger/webhook/webhookState.ts.
    hidden('webhook', { password: true }),
  ];

  /**
   * Exchanges the client credentials (or the refresh token) for a token. n8n calls it when the stored
   * token is empty and when a request failed, and stores what it returns (n8n 1.85 to 2.41).
   */
  async preAuthentication(
    this: IHttpRequestHelper,
    credentials: ICredentialDataDecryptedObject,
  ): Promise<IDataObject> {
    const { helpers } = this;
    return await fieldsToStore(async (options) => await helpers.httpRequest(options), credentials);
  }

  /**
   * Adds the token to a request. A request to any other origin than that of the base URL is refused,
   * and no request goes out without a token.
   */
  authenticate = async (
    credentials: ICredentialDataDecryptedObject,
    requestOptions: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> => authenticateRequest(credentials, requestOptions);

  test: ICredentialTestRequest = {
    request: {
      // As `readBaseUrl` does it, which has refused everything else before.
      baseURL: `={{ $credentials.baseUrl.trim().replace(/^(https:\\/\\/imagineanything\\.com)\\/.*/i, '$1').replace(/([^/])(\\/en)?(\\/api)?\\/*$/, '$1') || '${PUBLIC_BASE_URL}' }}`,
      url: `/api${OWN_PROFILE_PATH}`,
    },
    rules: [
      {
        type: 'responseCode',
        properties: {
          value: 401,
          message:
            'ImagineAnything issued a token and then rejected it. Try again. If it happens again, check the base URL.',
        },
      },
    ],
  };
}
