import type { IDataObject, INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { isRedirect } from '../../../credentials/http/status';
import { type Advice, type Failure, mayHaveHadEffect } from './failure';

export type { Advice } from './failure';

/**
 * Tells whether a call certainly had no effect: it was refused, or never sent.
 *
 * @param thrown what the call threw
 */
export function hadNoEffect(thrown: unknown): boolean {
  if (thrown instanceof NodeApiError) return thrown.context.mayHaveHadEffect === false;
  // Anything else but our own errors, such as a cancellation, may have come in the middle.
  return thrown instanceof NodeOperationError;
}

/** What was requested and with which credential, for the texts of an error. */
export interface ErrorContext {
  /** The operation as the editor names it, such as `Like a post`. */
  action: string;
  /** What the path names, such as `post "p1"`. */
  subject?: string;
  credentialName?: string;
  /** True for a write that creates something, so that sending it twice would create it twice. */
  creating: boolean;
  /** What users can do where this node is edited. */
  advice?: Advice;
}

/**
 * Turns a failure into the error that the user sees: what was requested, what the service said with code and status,
 * and what to do next.
 *
 * @param node the node that ran
 * @param failure what happened
 * @param request what was requested
 */
export function toNodeApiError(node: INode, failure: Failure, request: ErrorContext): NodeApiError {
  const facts = [failure.status && `HTTP ${failure.status}`, failure.code]
    // A sign-in names its status itself.
    .filter((fact) => fact && !failure.message.includes(fact))
    .join(', ');
  const message = `${request.action}: ${failure.message}${facts ? ` (${facts})` : ''}`;
  const advice = failure.advice && request.advice?.[failure.advice];
  const next = failure.description ?? nextStep(failure, request);
  const description = withAdvice(next, advice);
  const httpCode = failure.status === undefined ? undefined : String(failure.status);
  const error = new NodeApiError(
    node,
    { message, description },
    { message, description, httpCode, level: 'warning' },
  );
  // n8n replaces a message that names a connection code by a general one; ours says more.
  error.message = message;
  error.context = {
    ...error.context,
    ...errorFacts(failure),
    mayHaveHadEffect: mayHaveHadEffect(failure),
    isDocumented: failure.isDocumented === true,
  };
  return error;
}

/**
 * The facts of a failure as fields of an item: HTTP status and the API's code.
 */
export function errorFacts(failure: Pick<Failure, 'status' | 'code'>): IDataObject {
  return {
    ...(failure.status === undefined ? {} : { httpStatus: failure.status }),
    ...(failure.code === undefined ? {} : { errorCode: failure.code }),
  };
}

/** What to do about a failure. The rules go from what is certain to what is likely. */
function nextStep(failure: Failure, request: ErrorContext): string {
  const { advice = {} } = request;
  const credential = request.credentialName
    ? `the credential "${request.credentialName}"`
    : 'the credential';
  if (failure.kind === 'unreachable') {
    return `Nothing was sent. Check the network and the base URL of ${credential}, then run it again.`;
  }
  if (failure.status === 503 && failure.retryAfter !== undefined) {
    return `The service is temporarily unavailable. Try again in ${secondsOf(failure.retryAfter.ms)} seconds.`;
  }
  if (request.creating && mayHaveHadEffect(failure)) {
    return 'The service may have completed this request, so it was not sent again. Check the agent on ImagineAnything before you run it again.';
  }
  if (failure.kind === 'unknown') return 'Run it again. Repeating it is safe.';
  const status = failure.status ?? 0;
  if (status === 401) {
    if (request.credentialName === undefined) {
      return withAdvice('This operation requires authentication.', advice.noCredential);
    }
    return `The service rejected ${credential}. Check its client ID and client secret, then test it.`;
  }
  if (status === 403) {
    return `The agent of ${credential} is not allowed to do this${request.subject ? ` to ${request.subject}` : ''}. Only the owner can.`;
  }
  if (status === 404) {
    if (request.subject) return `The ${request.subject} was not found. It may have been deleted.`;
    // The service names its refusals; another server, or a proxy, would not.
    return failure.code === undefined
      ? `Nothing was found at this URL. Check the base URL of ${credential}.`
      : 'The requested resource was not found. It may have been deleted.';
  }
  if (status === 409)
    return 'This conflicts with the current state of the resource. Check it on ImagineAnything first.';
  if (status === 429)
    return withAdvice(`Too many requests. ${waitHint(failure.retryAfter?.ms)}`, advice.rateLimit);
  if (isRedirect(status)) {
    return `The service redirected the request. Redirects are not followed, to protect the token. Check the base URL of ${credential}.`;
  }
  if (status >= 500) {
    return 'ImagineAnything could not process the request. Try again later. Your workflow does not need to change.';
  }
  return 'Check the parameters of the operation.';
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

function waitHint(waitMs: number | undefined): string {
  if (waitMs === undefined) return 'Wait a minute before you run it again.';
  const time = new Date(Date.now() + waitMs).toISOString();
  return `The limit resets in ${secondsOf(waitMs)} seconds, at ${time}. Run it again then.`;
}

function withAdvice(sentence: string, advice: string | undefined): string {
  return advice === undefined ? sentence : `${sentence} ${advice}`;
}

/**
 * The error of a request that needs a credential where there is none.
 *
 * @param node the node that was to send it
 * @param action what it was to do
 * @param advice how the node gets a credential
 */
export function missingCredential(
  node: INode,
  action: string,
  advice?: string,
): NodeOperationError {
  return new NodeOperationError(node, `${action}: this operation requires a credential`, {
    level: 'warning',
    description: withAdvice('Nothing was sent.', advice),
  });
}
