import type {
  ICredentialDataDecryptedObject,
  IExecuteFunctions,
  IHookFunctions,
  IHttpRequestMethods,
  ILoadOptionsFunctions,
  IWebhookFunctions,
} from 'n8n-workflow';
import type { Deadline } from '../../../credentials/http/deadline';
import type { MultipartBody } from './multipart';
import type { Repeat } from './retry';

/** The credential type whose token goes with every request that may carry one. */
export const CREDENTIAL = 'imagineAnythingApi';

/** The contexts in which n8n runs nodes, triggers and list methods. */
export type RequestContext =
  | IExecuteFunctions
  | IHookFunctions
  | ILoadOptionsFunctions
  | IWebhookFunctions;

/** A limit of the service on something that a request starts, such as jobs, and not on requests. */
export interface RunningLimit {
  /** How a refusal may call what runs, in its code, with spaces between the words, or in its message. */
  things: RegExp;
  /** How it may say that there are too many. */
  amount: RegExp;
  /** What it means that a request is refused for it, and what to do. */
  advice: string;
}

/** One call of the API, ready to send. */
export interface ApiRequest {
  method: IHttpRequestMethods;
  /** Below `/api`, each segment encoded: `/posts/p1/like`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** JSON, or a `MultipartBody` that goes out as `multipart/form-data`. */
  body?: object | MultipartBody;
  /** `optional`: with a token when there is a credential. */
  token: 'required' | 'optional' | 'never';
  repeat: Repeat;
  /** What it starts may be limited in number. */
  runningLimit?: RunningLimit;
  /** An earlier request like this one may have had its effect: what was deleted may be gone. */
  mayBeDone?: boolean;
  action: string;
  subject?: string;
  /** Secret values of the request, masked wherever the response repeats them. */
  secrets?: readonly string[];
  /** When everything must have ended: waits, attempts and the delays between them. */
  deadline?: Deadline;
}

/** A response with a 2xx status. */
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
