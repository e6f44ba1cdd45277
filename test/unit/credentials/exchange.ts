import { Readable } from 'node:stream';
import type { IHttpRequestOptions } from 'n8n-workflow';
import type { SignInError } from '../../../credentials/signInError';
import { exchangeToken } from '../../../credentials/tokenExchange';
import { finish } from '../transport/support/clock';
import { AGENT } from '../transport/support/n8n';

/** What the service answers to a sign-in, or what is thrown instead. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  throws?: object;
}

/** Exchanges a refresh token, or client ID and secret, at a service that answers one thing after the other. */
export async function exchange(answers: Answer[], refreshToken = '', credentials: object = AGENT) {
  const sent: Array<IHttpRequestOptions & { body: Record<string, string> }> = [];
  const httpRequest = async (options: IHttpRequestOptions) => {
    sent.push(options as never);
    const { status = 200, headers = {}, body = {}, throws } = answers[sent.length - 1];
    if (throws) throw Object.assign(new Error(), throws);
    const isStream = body instanceof Readable;
    const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return { statusCode: status, headers, body: isStream ? body : Readable.from([text]) };
  };
  const outcome = await finish(
    exchangeToken(httpRequest as never, { ...credentials }, refreshToken),
  );
  const grants = sent.map(({ body }) => body.grant_type);
  return { ...outcome, error: outcome.error as SignInError | undefined, sent, grants };
}

export const TOKENS: Answer = {
  body: { access_token: 'new', refresh_token: 'newer', expires_in: 60 },
};
export const REFUSED: Answer = { status: 401, body: { error: 'invalid_grant' } };
