import type { IDataObject, INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { type Failure, isRedirect, mayHaveHadEffect } from './failure';

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

/** Who asked for what, for the texts of an error. */
export interface ErrorContext {
  /** The operation as the editor names it, such as `Like a post`. */
  action: string;
  /** What the path names, such as `post "p1"`. */
  subject?: string;
  credentialName?: string;
  /** True for a write whose repetition would make a second thing. */
  creating: boolean;
}

/**
 * Turns a failure into the error that the user meets: what was asked, what the service said with
 * code and status, and what to do next.
 *
 * @param node the node that ran
 * @param failure what happened
 * @param attempt what was asked for
 */
export function toNodeApiError(node: INode, failure: Failure, attempt: ErrorContext): NodeApiError {
  const facts = [failure.status && `HTTP ${failure.status}`, failure.code]
    // A sign-in names its status itself.
    .filter((fact) => fact && !failure.message.includes(fact))
    .join(', ');
  const message = `${attempt.action}: ${failure.message}${facts ? ` (${facts})` : ''}`;
  const description = failure.description ?? nextStep(failure, attempt);
  const httpCode = failure.status === undefined ? undefined : String(failure.status);
  const error = new NodeApiError(
    node,
    { message, description },
    { message, description, httpCode, level: 'warning' },
  );
  // n8n replaces a message that names a connection code by a general one; ours says more.
  error.message = message;
  error.description = description;
  error.context = {
    ...error.context,
    ...errorFacts(failure),
    mayHaveHadEffect: mayHaveHadEffect(failure),
  };
  return error;
}

/**
 * The facts of a failure as members of an item: HTTP status and the API's code.
 */
export function errorFacts(failure: Pick<Failure, 'status' | 'code'>): IDataObject {
  return {
    ...(failure.status === undefined ? {} : { httpStatus: failure.status }),
    ...(failure.code === undefined ? {} : { errorCode: failure.code }),
  };
}

function nextStep(failure: Failure, attempt: ErrorContext): string {
  const credential = attempt.credentialName
    ? `the credential "${attempt.credentialName}"`
    : 'the credential';
  if (failure.kind === 'unreachable') {
    return `Nothing was sent. Check the base URL of ${credential} and the network, then run it again.`;
  }
  if (failure.status === 503 && failure.wait !== undefined) {
    return `The service takes no requests just now, and asks to come back in ${secondsOf(failure.wait.ms)} seconds.`;
  }
  if (attempt.creating && mayHaveHadEffect(failure)) {
    return 'The service may have carried it out, so it was not sent again. Look at the agent on ImagineAnything before you run it again.';
  }
  if (failure.kind === 'unknown') return 'Run it again. Doing so twice does no harm.';
  const status = failure.status ?? 0;
  if (status === 401) {
    if (attempt.credentialName === undefined) {
      return 'The service asks who this is. Choose or create an ImagineAnything API credential in the node.';
    }
    return `The service did not accept ${credential}. Open it, check the client ID and the client secret, and test it.`;
  }
  if (status === 403) {
    return `The agent of ${credential} is not allowed to do this${attempt.subject ? ` to ${attempt.subject}` : ''}. Only its owner may.`;
  }
  if (status === 404) {
    if (attempt.subject) return `Check ${attempt.subject}: it does not exist, or not any more.`;
    // The service names its refusals; another server, or a proxy, would not.
    return failure.code === undefined
      ? `Check the base URL of ${credential}: the service knows no such address.`
      : 'What it is about does not exist, or not any more.';
  }
  if (status === 409)
    return 'It does not fit the state that the service is in. Look at it there first.';
  if (status === 429) return `Too many requests. ${waitHint(failure.wait?.ms)}`;
  if (isRedirect(status)) {
    return `The service redirected the request. Redirects are not followed, to protect the token. Check the base URL of ${credential}.`;
  }
  if (status >= 500) {
    return 'The service has a problem. Try again later; nothing in this workflow needs to be changed.';
  }
  return 'Check the values that this operation was given.';
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

function waitHint(waitMs: number | undefined): string {
  if (waitMs === undefined) return 'Wait a minute before you run it again.';
  const time = new Date(Date.now() + waitMs).toISOString();
  return `The limit resets in ${secondsOf(waitMs)} seconds, at ${time}. Run it again then, or increase Max Wait for Rate Limit in the options of the node.`;
}
