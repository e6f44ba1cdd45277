import { Readable } from 'node:stream';
import {
  type ICredentialDataDecryptedObject,
  type IDataObject,
  type IHttpRequestOptions,
  type INode,
  type JsonObject,
  NodeApiError,
} from 'n8n-workflow';
import { ImagineAnythingApi } from '../../../../credentials/ImagineAnythingApi.credentials';
import type { RequestContext } from '../../../../nodes/ImagineAnything/transport/apiRequest';
import { MultipartBody } from '../../../../nodes/ImagineAnything/transport/multipart';
import { elapsed } from './clock';

export const BASE_URL = 'https://imagineanything.com';

export const AGENT = {
  baseUrl: BASE_URL,
  clientId: 'the-client',
  clientSecret: 'secret-of-the-client',
};

export const NODE: INode = {
  id: '1',
  name: 'ImagineAnything',
  type: 'n8n-nodes-imagineanything.imagineAnything',
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
};

/** A request as it went out. */
export interface Sent {
  /** In milliseconds since the test started. */
  at: number;
  /** Method, path and query: `GET /api/feed?limit=1`. */
  line: string;
  token?: string;
  /** JSON; of a form, its files in one text. */
  body?: unknown;
  options: IHttpRequestOptions;
}

/** What comes of a request. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** An empty object by default; empty text for no body. */
  body?: unknown;
  /** When the response comes, in milliseconds after the request. */
  after?: number;
  /** The error code of a connection that breaks instead. */
  breaks?: string;
  /** Only so many bytes of a file are taken before that. */
  taken?: number;
}

/** Decides what comes of a request; undefined for success. */
export type Service = (sent: Sent) => Answer | undefined;

export interface N8nOptions {
  /** What is stored; undefined for a node without a credential. */
  credential?: ICredentialDataDecryptedObject;
  service?: Service;
  /** What comes of token exchanges; by default, each brings a new token. */
  signIn?: Service;
  signal?: AbortSignal;
  /** A trigger that is being published or unpublished, not an execution. */
  isHook?: boolean;
}

/** Node and service for a test: the node's side of n8n, and what reached the service. */
export class FakeN8n {
  readonly sent: Sent[] = [];

  /** The requests for a token, which are not in `sent`. */
  readonly signIns: Sent[] = [];

  /** The credential as n8n has it stored. */
  stored?: ICredentialDataDecryptedObject;

  /** How often n8n stored it. */
  stores = 0;

  readonly context: RequestContext;

  readonly #type = new ImagineAnythingApi();

  constructor(private readonly options: N8nOptions = {}) {
    this.stored = options.credential;
    const reference = { id: '7', name: 'My agent' };
    const node = this.stored ? { ...NODE, credentials: { [this.#type.name]: reference } } : NODE;
    const withAuthentication = this.#withAuthentication;
    this.context = {
      getNode: () => node,
      getCredentials: async () => ({ ...this.stored }),
      helpers: {
        httpRequest: async (request: IHttpRequestOptions) => await this.#request(request),
        async httpRequestWithAuthentication(
          this: Self,
          _type: string,
          request: IHttpRequestOptions,
          { credentialsDecrypted: { data } }: Decrypted,
        ) {
          return await withAuthentication(this, request, data);
        },
      },
      ...(options.isHook
        ? {}
        : { continueOnFail: () => false, getExecutionCancelSignal: () => options.signal }),
    } as unknown as RequestContext;
  }

  /** The lines of what was sent. */
  get lines(): string[] {
    return this.sent.map(({ line }) => line);
  }

  /** When it was sent. */
  get times(): number[] {
    return this.sent.map(({ at }) => at);
  }

  /** As n8n 2.41.1 does it: n8n-core's `httpRequestWithAuthentication`, `CredentialsHelper.preAuthentication`. */
  readonly #withAuthentication = async (
    self: Self,
    request: IHttpRequestOptions,
    data: ICredentialDataDecryptedObject,
  ): Promise<unknown> => {
    const options = { ...request, abortSignal: self.getExecutionCancelSignal() };
    const send = async (isExpired: boolean) => {
      if (data.sessionToken === '' || isExpired) {
        const fields = await this.#type.preAuthentication.call(self as never, data);
        if (fields.sessionToken !== undefined) {
          this.stores += 1;
          this.stored = { ...this.stored, ...(fields as ICredentialDataDecryptedObject) };
          Object.assign(data, fields);
        }
      }
      return await this.#request(await this.#type.authenticate(data, { ...options }));
    };
    try {
      return await send(false).catch(async (error: { response?: { status: number } }) => {
        if (error.response?.status !== 401) throw error;
        return await send(true);
      });
    } catch (error) {
      throw new NodeApiError(NODE, error as JsonObject);
    }
  };

  async #request(options: IHttpRequestOptions): Promise<unknown> {
    const { pathname, search } = new URL(options.url);
    const sent: Sent = {
      at: elapsed(),
      line: `${options.method} ${pathname}${search}`,
      token: (options.headers?.Authorization as string | undefined)?.replace('Bearer ', ''),
      body: options.body,
      options,
    };
    const isSignIn = pathname === '/api/auth/token';
    (isSignIn ? this.signIns : this.sent).push(sent);
    const answer = isSignIn ? this.#signIn(sent) : (this.options.service?.(sent) ?? {});
    const signal = options.abortSignal as AbortSignal | undefined;
    return await new Promise((resolve, reject) => {
      const abort = () => reject(failed('canceled', 'ERR_CANCELED', 'CanceledError'));
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#answer(sent, answer).then(resolve, reject);
    });
  }

  #signIn(sent: Sent): Answer {
    const number = this.signIns.length;
    const tokens = { access_token: `token-${number}`, refresh_token: `refresh-${number}` };
    return this.options.signIn?.(sent) ?? { body: { ...tokens, expires_in: 3600 } };
  }

  async #answer(sent: Sent, answer: Answer): Promise<unknown> {
    const { status = 200, headers = {}, body = {}, after = 0, breaks, taken } = answer;
    if (sent.body instanceof MultipartBody) sent.body = await readForm(sent.body, taken);
    if (after > 0) await new Promise((next) => setTimeout(next, after));
    if (breaks !== undefined) throw failed(`read ${breaks}`, breaks);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { statusCode: status, headers, body: Readable.from(text ? [Buffer.from(text)] : []) };
  }
}

interface Self {
  helpers: unknown;
  getExecutionCancelSignal(): AbortSignal;
}

interface Decrypted {
  credentialsDecrypted: { data: ICredentialDataDecryptedObject };
}

/** An error of the HTTP library, with the request in it. */
function failed(message: string, code: string, name = 'AxiosError'): Error {
  const config = { headers: { Authorization: 'Bearer in-the-config' } } as IDataObject;
  return Object.assign(new Error(message), { code, name, config });
}

/** Takes the files of a form, all of them or some bytes. */
async function readForm(form: MultipartBody, bytes = Infinity): Promise<string> {
  let text = '';
  for (const [, part] of form) {
    if (typeof part === 'string') continue;
    for await (const chunk of part.stream()) {
      text += chunk.toString('latin1');
      if (text.length >= bytes) return text;
    }
  }
  return text;
}
