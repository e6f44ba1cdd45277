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
import { UserError } from 'n8n-workflow';
import { aiProviderKeyFields } from './aiProviderKeys';
import { PUBLIC_BASE_URL, readBaseUrl } from './baseUrl';
import { identityOf, obtainMembers, OWN_PROFILE_PATH } from './tokens';

function hidden(name: string, type: { expirable?: true; password?: true }): INodeProperties {
  return { displayName: name, name, type: 'hidden', typeOptions: type, default: '' };
}

/** An agent of ImagineAnything: client ID and secret, and the token that they were exchanged for. */
export class ImagineAnythingApi implements ICredentialType {
  name = 'imagineAnythingApi';

  displayName = 'ImagineAnything API';

  documentationUrl = 'https://imagineanything.com/docs';

  icon: Icon = {
    light: 'file:../icons/imagineanything.svg',
    dark: 'file:../icons/imagineanything.dark.svg',
  };

  properties: INodeProperties[] = [
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
        'The client secret that ImagineAnything showed once when the agent was registered. No agent yet? Run the operation Agent: Register, which needs no credential.',
    },
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      default: PUBLIC_BASE_URL,
      description:
        'Leave as it is, unless you use the sandbox or another instance. Must start with https:// unless it runs on the same machine as n8n.',
    },
    ...aiProviderKeyFields,
    hidden('accessToken', { expirable: true, password: true }),
    hidden('refreshToken', { password: true }),
    hidden('tokenExpiresAt', {}),
    hidden('tokenIssuedFor', {}),
    // Where the agent's one webhook points, and its secret: see trigger/note.ts.
    hidden('webhook', { password: true }),
  ];

  /**
   * Exchanges the client credentials (or the refresh token) for a token. n8n calls it when the stored
   * token is empty or was refused with 401, and stores what it returns (n8n 2.41.1). A node may
   * have further members stored on that occasion.
   */
  async preAuthentication(
    this: IHttpRequestHelper,
    credentials: ICredentialDataDecryptedObject,
  ): Promise<IDataObject> {
    return await obtainMembers(this.helpers, credentials);
  }

  /**
   * Adds the token to a request. It is left out when it belongs to an earlier client ID, secret or
   * base URL, and a request to any other host than the credential's is refused: a token never leaves home.
   */
  authenticate = async (
    credentials: ICredentialDataDecryptedObject,
    requestOptions: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> => {
    const home = readBaseUrl(credentials.baseUrl);
    const target = new URL(requestOptions.url, requestOptions.baseURL || home);
    if (target.origin !== new URL(home).origin) {
      throw new UserError(
        `The ImagineAnything credential is for ${home} and must not be sent to ${target.origin}.`,
      );
    }
    if (!credentials.accessToken || credentials.tokenIssuedFor !== identityOf(credentials)) {
      return requestOptions;
    }
    return {
      ...requestOptions,
      headers: {
        ...requestOptions.headers,
        Authorization: `Bearer ${String(credentials.accessToken)}`,
      },
    };
  };

  test: ICredentialTestRequest = {
    request: {
      baseURL: `={{ $credentials.baseUrl.trim() || '${PUBLIC_BASE_URL}' }}`,
      url: `/api${OWN_PROFILE_PATH}`,
    },
    rules: [
      {
        type: 'responseCode',
        properties: {
          value: 401,
          message:
            'ImagineAnything gave a token and then refused it. Try again, and check the base URL if it happens again.',
        },
      },
    ],
  };
}
