import type {
  ICredentialDataDecryptedObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestMethods,
  ILoadOptionsFunctions,
  IWebhookFunctions,
} from 'n8n-workflow';
import type { Deadline } from './deadline';
import type { MultipartBody } from './multipart';
import type { Repeat } from './retry';

/** The credential type whose token goes with every request that may carry one. */
export const CREDENTIAL = 'imagineAnythingApi';

/** What n8n hands to nodes, triggers and list methods, as far as a request needs it. */
export type RequestContext =
  | IExecuteFunctions
  | IHookFunctions
  | ILoadOptionsFunctions
  | IWebhookFunctions;

/** One call of the API, ready to send. */
export interface ApiRequest {
  method: IHttpRequestMethods;
  /** Below `/api`, each segment encoded: `/posts/p1/like`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** JSON, or a `MultipartBody` that goes out as `multipart/form-data`. */
  body?: object | MultipartBody;
  /** `optional`: the token goes along when there is a credential. */
  token: 'required' | 'optional' | 'never';
  repeat: Repeat;
  action: string;
  subject?: string;
  /** Values of the request that nobody may see, should the answer repeat them. */
  secrets?: readonly string[];
  /** When all must be over: waits, attempts and the pauses between them. */
  deadline?: Deadline;
}

/** An answer with a 2xx status. */
export interface ApiResponse {
  status: number;
  /** The parsed JSON, or undefined when there was no body. */
  body: unknown;
}

/** Whose requests are sent, and through which functions of n8n. */
export interface Caller {
  context: RequestContext;
  baseUrl: string;
  /** Undefined for requests without a token. */
  credentials?: ICredentialDataDecryptedObject;
  reference?: { id: string | null; name: string };
}
