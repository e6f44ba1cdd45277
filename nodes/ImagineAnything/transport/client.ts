import type {
  IAllExecuteFunctions,
  ICredentialDataDecryptedObject,
  IDataObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestMethods,
  IHttpRequestOptions,
  ILoadOptionsFunctions,
  IWebhookFunctions,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { PUBLIC_BASE_URL, readBaseUrl } from '../../../credentials/baseUrl';
import { withCurrentToken, withMembersToStore } from '../../../credentials/tokens';
import { type Attempt, type Failure, readRefusal, readThrown, toNodeApiError } from './failure';
import { withoutSecrets } from './secrets';

/** The credential type whose token goes with every request that may carry one. */
export const CREDENTIAL = 'imagineAnythingApi';

/** What n8n hands to nodes, triggers and list methods, as far as a request needs it. */
export type RequestContext =
  | IExecuteFunctions
  | IHookFunctions
  | ILoadOptionsFunctions
  | IWebhookFunctions;

/** How a request may be repeated: `safe` and `idempotent` ones at will, `creating` ones never blindly. */
export type Repeat = 'safe' | 'idempotent' | 'creating';

/** A body that goes out as `multipart/form-data`; see `FileForm`. */
export interface MultipartBody {
  [Symbol.toStringTag]: string;
}

/** One call of the API, ready to send. */
export interface ApiRequest {
  method: IHttpRequestMethods;
  /** Below `/api`, each segment encoded: `/posts/p1/like`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object | MultipartBody;
  /** `optional`: the token goes along when there is a credential. */
  token: 'required' | 'optional' | 'never';
  repeat: Repeat;
  action: string;
  subject?: string;
  /** Values of the request that nobody may see, should the answer repeat them. */
  secrets?: readonly string[];
  /** Hidden members of the credential that n8n stores on the occasion of this request. */
  store?: IDataObject;
}

/** An answer with a 2xx status. */
export interface ApiAnswer {
  status: number;
  /** The parsed JSON, or undefined when there was no body. */
  body: unknown;
}

/** Sends requests for one agent. */
export interface Client {
  send(request: ApiRequest): Promise<ApiAnswer>;
}

interface Exchange {
  statusCode: number;
  headers: Record<string, unknown>;
  body: unknown;
}

const REQUEST_TIMEOUT_MS = 120_000;

/**
 * Opens a client for the agent of the node's credential, or for nobody when it has none.
 *
 * @param context the functions that n8n gives
 * @throws NodeOperationError when the credential cannot be read or its base URL is refused
 */
export async function openClient(context: RequestContext): Promise<Client> {
  const node = context.getNode();
  const reference = node.credentials?.[CREDENTIAL];
  const credentials = reference ? await context.getCredentials(CREDENTIAL) : undefined;
  let baseUrl = PUBLIC_BASE_URL;
  try {
    baseUrl = readBaseUrl(credentials?.baseUrl);
  } catch (error) {
    throw new NodeOperationError(node, error as Error);
  }

  async function exchange(request: ApiRequest): Promise<Exchange> {
    const options = requestOptions(baseUrl, request);
    if (credentials === undefined || request.token === 'never') {
      return (await context.helpers.httpRequest({
        ...options,
        ignoreHttpStatusErrors: true,
      })) as Exchange;
    }
    // n8n declares `this` as all contexts at once, and uses what each of them has.
    const self = context as unknown as IAllExecuteFunctions;
    return (await self.helpers.httpRequestWithAuthentication.call(self, CREDENTIAL, options, {
      credentialsDecrypted: decrypted(reference, credentials, request.store),
    })) as Exchange;
  }

  return {
    async send(request) {
      if (request.token === 'required' && credentials === undefined) {
        throw new NodeOperationError(node, `${request.action}: this operation needs a credential`, {
          description: 'Choose or create an ImagineAnything API credential in the node.',
        });
      }
      const attempt: Attempt = {
        action: request.action,
        subject: request.subject,
        credentialName: reference?.name,
        creating: request.repeat === 'creating',
      };
      try {
        return withoutSecrets(readAnswer(await exchange(request), request), request.secrets);
      } catch (thrown) {
        const failure = thrown instanceof FailedExchange ? thrown.failure : readThrown(thrown);
        throw toNodeApiError(node, withoutSecrets(failure, request.secrets), attempt);
      }
    },
  };
}

/** Carries a failure from the reading of an answer to the place where it becomes an error. */
class FailedExchange extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

function decrypted(
  reference: { id: string | null; name: string } | undefined,
  credentials: ICredentialDataDecryptedObject,
  store: IDataObject | undefined,
) {
  const current = withCurrentToken(credentials);
  return {
    id: reference?.id ?? '',
    name: reference?.name ?? '',
    type: CREDENTIAL,
    data: store ? withMembersToStore(current, store) : current,
  };
}

function requestOptions(baseUrl: string, request: ApiRequest): IHttpRequestOptions {
  const query = new URLSearchParams(request.query).toString();
  return {
    method: request.method,
    url: `${baseUrl}/api${request.path}${query === '' ? '' : `?${query}`}`,
    ...(request.body === undefined ? {} : { body: request.body as IHttpRequestOptions['body'] }),
    json: true,
    returnFullResponse: true,
    // n8n's own handling of 401 renews the token and repeats the request once; the rest is read here.
    ignoreHttpStatusErrors: { ignore: true, except: [401] },
    // A redirect could carry the token to another host.
    disableFollowRedirect: true,
    timeout: REQUEST_TIMEOUT_MS,
  };
}

function readAnswer(exchange: Exchange, request: ApiRequest): ApiAnswer {
  const { statusCode, body } = exchange;
  if (statusCode < 200 || statusCode > 299) {
    throw new FailedExchange(readRefusal(statusCode, body));
  }
  const empty = body === undefined || body === null || body === '';
  if (empty && request.method !== 'GET') return { status: statusCode, body: undefined };
  if (empty || typeof body !== 'object') {
    throw new FailedExchange({
      ...readRefusal(statusCode, body),
      kind: 'unknown',
    });
  }
  return { status: statusCode, body };
}
