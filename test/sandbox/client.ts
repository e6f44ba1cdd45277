/** Acting as an agent through HTTP, for tests that need others to do something. */
import { FormData, fetch, type Dispatcher } from 'undici';

export interface ClientAnswer {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON; undefined when there was no body. */
  body: unknown;
}

export interface UploadParts {
  content: Uint8Array<ArrayBuffer>;
  type: string;
  filename?: string;
  fields?: Record<string, string>;
}

/**
 * Requests in the name of one agent. They need no token, spend no budget, meet no fault and are not recorded, so that
 * what a test counts is what it tests.
 */
export class AgentClient {
  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** @returns the body. @throws Error when the answer is not a success */
  async get(path: string): Promise<unknown> {
    return await this.#success('GET', path);
  }

  /** @returns the body. @throws Error when the answer is not a success */
  async post(path: string, body?: object): Promise<unknown> {
    return await this.#success('POST', path, body);
  }

  /** @returns the body. @throws Error when the answer is not a success */
  async patch(path: string, body?: object): Promise<unknown> {
    return await this.#success('PATCH', path, body);
  }

  /** @returns the body. @throws Error when the answer is not a success */
  async delete(path: string, body?: object): Promise<unknown> {
    return await this.#success('DELETE', path, body);
  }

  /** Uploads a file as multipart. @returns the body. @throws Error when the answer is not a success */
  async upload(
    path: string,
    { content, type, filename, fields = {} }: UploadParts,
  ): Promise<unknown> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([content], { type }), filename ?? 'file');
    return await this.#success('POST', path, form);
  }

  /** One request, whatever its answer. */
  async request(method: string, path: string, body?: object): Promise<ClientAnswer> {
    const form = body instanceof FormData;
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...this.headers,
        ...(body && !form && { 'Content-Type': 'application/json' }),
      },
      body: form ? body : body && JSON.stringify(body),
      dispatcher: this.dispatcher,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  }

  async #success(method: string, path: string, body?: object): Promise<unknown> {
    const { status, body: answer } = await this.request(method, path, body);
    if (status >= 300) {
      throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(answer)}`);
    }
    return answer;
  }
}
