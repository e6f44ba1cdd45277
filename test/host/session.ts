import { randomUUID } from 'node:crypto';

/** The owner of an n8n. */
export interface Owner {
  email: string;
  password: string;
  firstName: string;
  lastName: string;
}

/** Not a secret: it gives access only to an n8n on the loopback interface of this machine. */
export const OWNER: Owner = {
  email: 'owner@example.com',
  password: 'Imagine-1-Anything',
  firstName: 'Local',
  lastName: 'Owner',
};

/** n8n answered with an error. */
export class N8nApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly description?: string,
  ) {
    super(message);
    this.name = 'N8nApiError';
  }
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * A session of one user at one n8n, through the REST API that the editor uses.
 * Not n8n's public API, which can neither run a workflow nor test a credential.
 */
export class N8nSession {
  /** n8n binds a session to the browser that began it. */
  private readonly browserId = randomUUID();

  private cookie = '';

  /** @param url where n8n is, without a path */
  constructor(readonly url: string) {}

  /** Creates the owner of a fresh n8n and signs in as that owner. */
  async setUpOwner(owner: Owner = OWNER): Promise<void> {
    await this.request('POST', '/rest/owner/setup', owner);
  }

  /** Signs in as an owner who exists. */
  async login({ email, password }: Pick<Owner, 'email' | 'password'> = OWNER): Promise<void> {
    await this.request('POST', '/rest/login', { emailOrLdapLoginId: email, password });
  }

  /** Signs in, creating the owner first when this n8n has none yet. */
  async enter(owner: Owner = OWNER): Promise<void> {
    const { userManagement } = await this.request<{
      userManagement: { showSetupOnFirstLoad?: boolean };
    }>('GET', '/rest/settings');
    if (userManagement.showSetupOnFirstLoad) await this.setUpOwner(owner);
    else await this.login(owner);
  }

  /** Sends a request to n8n's REST API. @returns the `data` of the answer @throws N8nApiError when n8n refuses */
  async request<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const answer = (await this.fetch(method, path, body)) as { data: T };
    return answer.data;
  }

  /** Sends a request to n8n. @returns the parsed answer @throws N8nApiError when n8n refuses */
  protected async fetch(method: Method, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'browser-id': this.browserId,
        ...(this.cookie ? { cookie: this.cookie } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    if (cookies.length > 0) this.cookie = cookies.join('; ');
    const text = await response.text();
    if (!response.ok) throw toError(response.status, text);
    return text === '' ? {} : JSON.parse(text);
  }
}

function toError(status: number, text: string): N8nApiError {
  try {
    const { message, description, hint } = JSON.parse(text) as {
      message: string;
      description?: string;
      hint?: string;
    };
    return new N8nApiError(status, message, description ?? hint);
  } catch {
    return new N8nApiError(status, text.slice(0, 500));
  }
}
