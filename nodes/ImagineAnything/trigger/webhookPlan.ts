import type { WebhookState } from './webhookState';

/**
 * What to do with the agent's one webhook:
 * - `keep`: it is as it should be
 * - `point`: set the address, the secret stays
 * - `renew`: set the address and have a new secret made
 * - `refuse`: it is somebody else's
 */
export type Plan = { step: 'keep' | 'point' | 'renew' } | { step: 'refuse'; address: string };

export interface Situation {
  /** Where the service delivers to now. */
  current: string | undefined;
  /** The address of this node: the production one when activating, the test one when listening. */
  own: string;
  note: WebhookState;
}

export interface Activation extends Situation {
  /** The address that this node noted when it last registered: n8n's own may have changed since. */
  noted: string | undefined;
  /** The ID of the node that n8n puts into both of its addresses. */
  webhookId: string | undefined;
  replace: boolean;
  rotate: boolean;
  /** True when n8n starts or takes over, and nobody asked for this activation just now. */
  restarting: boolean;
  /** True when n8n publishes a changed trigger again. */
  again: boolean;
}

/**
 * Decides what activating does. It never takes the webhook from somebody without being asked to, and
 * keeps a secret that is known, so that a restart of n8n loses no delivery.
 */
export function planActivation(activation: Activation): Plan {
  const { current, own, note, replace, rotate, restarting, again } = activation;
  if (current === undefined) return { step: 'renew' };
  if (!isMine(activation)) {
    // On a restart the workflows start in any order: whoever has the webhook keeps it.
    if (replace && !restarting) return { step: 'renew' };
    return { step: 'refuse', address: lender(current, note) ?? current };
  }
  // Whoever unpublishes and publishes gets a new secret, also where the old one is not right any more.
  const isFresh = lender(current, note) === '' && !again;
  if (note.secret === '' || (!restarting && (rotate || isFresh))) return { step: 'renew' };
  return { step: isSame(current, own) ? 'keep' : 'point' };
}

function isMine({ current = '', own, note, noted, webhookId }: Activation): boolean {
  if (isSame(current, own) || isSame(current, noted)) return true;
  const lent = lender(current, note);
  if (lent !== undefined) return lent === '' || isSame(lent, own) || isSame(lent, noted);
  return isSameNode(current, own, webhookId);
}

/**
 * Says whether two addresses are one: the service may give an address in another form than it was given,
 * with a host in lower case or without the usual port. What is no address is no other either.
 */
export function isSame(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !URL.canParse(a) || !URL.canParse(b)) return false;
  return new URL(a).href === new URL(b).href;
}

/** Where a test got the webhook from, empty for nowhere; undefined when no test has it. An ended registration counts. */
function lender(current: string, { lentTo, address }: WebhookState): string | undefined {
  return current !== '' && isSame(current, lentTo) ? address : undefined;
}

/**
 * Says whether two addresses lead to one node of one n8n, which has a production and a test address:
 * both end in the node's random ID (n8n 2.41.1, `getNodeWebhookPath`).
 */
export function isSameNode(a: string, b: string, webhookId: string | undefined): boolean {
  if (!webhookId || !URL.canParse(a) || !URL.canParse(b)) return false;
  const [one, other] = [new URL(a), new URL(b)];
  const tail = (url: URL): string => url.pathname.split('/').slice(-2).join('/');
  return (
    one.origin === other.origin && tail(one) === tail(other) && tail(one).startsWith(webhookId)
  );
}

export interface Listening extends Situation {
  /** Whether deliveries are verified: then the secret must be known. */
  verify: boolean;
}

/**
 * Decides what listening for a test event does, and where the webhook is returned to afterwards.
 * The secret is renewed only where nobody can rely on it: when no webhook exists.
 */
export function planListening({
  current,
  own,
  note,
  verify,
}: Listening): Plan & { returnTo: string } {
  if (current === undefined) return { step: 'renew', returnTo: '' };
  const lent = lender(current, note);
  const isOwn = isSame(current, own);
  const returnTo = lent ?? (isOwn ? '' : current);
  const isKnown = note.secret !== '' && (lent !== undefined || isSame(current, note.address));
  if (isOwn) return { step: isKnown ? 'keep' : 'renew', returnTo };
  if (isKnown || !verify) return { step: 'point', returnTo };
  return { step: 'refuse', address: current, returnTo };
}

export interface End extends Situation {
  /** Where the listener remembers to return the webhook to, should the note be lost. */
  returnTo: string | undefined;
}

/**
 * Decides what the end of a registration does, for a test listener and for an active workflow alike:
 * - `leave`: it is not ours any more
 * - `remove`: it was ours alone
 * - `return`: give it back to whom it was borrowed from
 * - `forget`: a test has it just now, and shall not return it to us
 */
export function planEnd({
  current,
  own,
  note,
  returnTo,
}: End): { step: 'leave' | 'remove' | 'forget' } | { step: 'return'; address: string } {
  if (current === undefined) return { step: 'leave' };
  if (isSame(current, own)) {
    const address = isSame(note.lentTo, own) ? note.address : returnTo;
    return address ? { step: 'return', address } : { step: 'remove' };
  }
  if (isSame(note.address, own) && isSame(current, note.lentTo)) return { step: 'forget' };
  return { step: 'leave' };
}
