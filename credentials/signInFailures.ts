/** Why a token exchange brought no token, in words for the user. */
import { PUBLIC_BASE_URL } from './baseUrl';
import { explainConnectionError } from './http/connectionError';
import { isRecord } from './http/record';
import { maskSecrets } from './http/secrets';
import { isRedirect } from './http/status';
import type { SignInFailure } from './signInError';

/**
 * Names the operation of the node, although a credential knows no node: the credential test shows this message as it
 * is, with no node that could say it, and it is the first thing that a user without an agent reads.
 */
const NO_AGENT_YET =
  'No agent yet? Run the operation Agent: Register with Authentication set to None.';

/** What the service says about a refusal is cut to this many characters. */
const MAX_REASON_LENGTH = 300;

/**
 * There was a response, but it cannot be read.
 *
 * @param url where the request went
 * @param status the HTTP status; 0 when it cannot be read either
 * @param reason why it cannot be read
 */
export function unreadableResponse(url: string, status: number, reason: string): SignInFailure {
  const advice = 'Check the base URL of the credential. It may not be the ImagineAnything service.';
  return {
    status,
    message: `The sign-in response from ${new URL(url).origin} cannot be used: ${reason}. ${advice}`,
    description: advice,
  };
}

/** How n8n says that it does not let a request out: domains of a credential, SSRF protection (n8n 2.41.1). */
const NOT_AMONG_DOMAINS = /^(Domain not allowed|No allowed domains)/;
const BLOCKED = /^The request was blocked/;

/**
 * There was no response.
 *
 * @param url where the request went
 * @param error what was thrown instead
 * @param lateMs how long the request was given, if that was too short
 */
export function unreachable(url: string, error: unknown, lateMs?: number): SignInFailure {
  const { code, message } = isRecord(error) ? error : {};
  const { origin, hostname } = new URL(url);
  if (typeof message === 'string' && NOT_AMONG_DOMAINS.test(message)) {
    return {
      status: 0,
      // A test of the credential shows the message only.
      message: `n8n blocked the sign-in at ${origin}: the "Allowed Domains" of the credential do not include ${hostname}`,
      description: `Add ${hostname} to the "Allowed Domains" of the credential, or set "Allowed HTTP Request Domains" to "All".`,
    };
  }
  if (typeof message === 'string' && BLOCKED.test(message)) {
    return {
      status: 0,
      message: `n8n blocked the sign-in at ${origin}: it does not allow requests to internal addresses`,
      description: `Check the base URL of the credential, or ask your n8n administrator to allow ${hostname}.`,
    };
  }
  const explained = typeof code === 'string' ? explainConnectionError(code, error, url) : undefined;
  const reason =
    lateMs !== undefined
      ? `no complete response arrived within ${lateMs / 1000} seconds`
      : (explained?.reason ?? 'the connection was lost before a response arrived');
  const advice = explained?.advice ?? 'Check the base URL of the credential and the network.';
  return {
    status: 0,
    // The credential test shows nothing but the message. It has no code in it, because n8n puts a sentence
    // of its own in place of a message that has one (n8n 2.41.1).
    message: `ImagineAnything could not be reached at ${origin} to sign in: ${reason}. ${advice}`,
    description: advice,
  };
}

/**
 * A field of the credential is empty.
 *
 * @param name the field as the editor names it
 */
export function missingField(name: string): SignInFailure {
  return {
    status: 400,
    message: `The "${name}" field of the ImagineAnything credential is empty`,
    description: `Nothing was sent. Enter the client ID and client secret that ImagineAnything showed when the agent was registered. ${NO_AGENT_YET}`,
  };
}

/**
 * The service returned a token that cannot be sent.
 *
 * @param status the HTTP status
 */
export function unusableToken(status: number): SignInFailure {
  return {
    status,
    message: `ImagineAnything returned an access token that cannot be used (HTTP ${status})`,
    description:
      'It is not a valid bearer token. Check the base URL of the credential. It may not be the ImagineAnything service.',
  };
}

/**
 * It is not the turn of the exchange, so that nothing was sent.
 *
 * @param resetMs how long until it may be, in milliseconds; undefined when other exchanges have not been answered
 */
export function limitUsedUp(resetMs: number | undefined): SignInFailure {
  const seconds = Math.max(1, Math.ceil((resetMs ?? 0) / 1000));
  const advice =
    resetMs === undefined ? 'Try again in a moment.' : `Try again in ${seconds} seconds.`;
  return {
    status: 429,
    // The credential test shows nothing but the message.
    message: `The sign-in was not sent, because the sign-ins and registrations that ImagineAnything allows per minute are used up. ${advice}`,
    description: advice,
    retryAfter: resetMs === undefined ? undefined : { ms: resetMs, isPlausible: true },
  };
}

/**
 * Says what a refusal means, and what to do about it.
 *
 * @param status the HTTP status
 * @param fields the fields of the body
 * @param secrets what must not be in the message
 */
export function explainRefusal(
  status: number,
  fields: Record<string, unknown>,
  secrets: readonly string[],
): Pick<SignInFailure, 'message' | 'description'> {
  const code = typeof fields.error === 'string' ? fields.error : '';
  const reason = [fields.error_description, fields.message].find(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  const said = maskSecrets([code, reason].filter(Boolean).join(': '), secrets).slice(
    0,
    MAX_REASON_LENGTH,
  );
  if (status === 429) {
    return {
      message: `ImagineAnything is not accepting more sign-ins right now (429${said ? `, ${said}` : ''})`,
      description: 'The service allows 10 sign-ins per minute. Try again in a minute.',
    };
  }
  if (isRedirect(status)) {
    return {
      message: `ImagineAnything redirected the sign-in (HTTP ${status})`,
      description:
        'Redirects are not followed, to protect the client secret. Check the base URL of the credential.',
    };
  }
  if (status === 404 || status === 405) {
    return {
      message: `The base URL of the credential is not the ImagineAnything service (HTTP ${status})`,
      description: `The server does not offer a sign-in. Use ${PUBLIC_BASE_URL}, unless you use the sandbox or another instance.`,
    };
  }
  if (status === 407) {
    return {
      message: 'The proxy between n8n and ImagineAnything rejected the sign-in (HTTP 407)',
      description:
        'The proxy requires a user name and password. Check the proxy settings of n8n (the environment variables HTTP_PROXY and HTTPS_PROXY).',
    };
  }
  if (status >= 500 || said === '') {
    return {
      message: `ImagineAnything returned no token (HTTP ${status}${said ? `, ${said}` : ''})`,
      description:
        'The service may be unavailable, or the base URL may not be the ImagineAnything service. Try again later, or check the base URL of the credential.',
    };
  }
  const advice = `Check the client ID and client secret of the credential. ImagineAnything showed both when the agent was registered. ${NO_AGENT_YET}`;
  return {
    // The credential test shows nothing but the message.
    message: `ImagineAnything rejected the credential: ${said.trim().replace(/\.$/, '')}. ${advice}`,
    description: advice,
  };
}
