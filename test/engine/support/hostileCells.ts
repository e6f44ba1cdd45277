/** What is tried against a hostile service, and how it may end. */
import { hostileGroups, type HostileBehaviour } from '../../sandbox/hostile';

export const KINDS = ['read', 'write', 'upload', 'list', 'sign-in', 'wait'] as const;
export type Kind = (typeof KINDS)[number];

export type Group = keyof typeof hostileGroups;

/**
 * How a cell may end:
 * - `right`: with what an honest service would have given
 * - `error`: with an error that names the cause
 * - `either`: with one of these
 * - `ends`: with such an error, or with whatever the service said
 */
export type Ending = 'right' | 'error' | 'either' | 'ends';

export interface Cell {
  behaviour: HostileBehaviour;
  kind: Kind;
  group: Group;
  ending: Ending;
}

export const names = <Members extends object>(members: Members) =>
  Object.keys(members) as Array<keyof Members>;

/** Where a behaviour says nothing that the node would read. */
export function isMeaningful(group: Group, behaviour: string, kind: Kind): boolean {
  const isList = kind === 'list' || kind === 'wait';
  if (group === 'lists' || behaviour === 'long-cursor' || behaviour === 'many-entries') {
    return isList;
  }
  // One kind is enough for what keeps a processor busy for seconds.
  if (behaviour === 'many-members') return kind === 'read';
  const isToken = /^(refresh-)?token-/.test(behaviour) || behaviour === 'long-token';
  return !isToken || kind === 'sign-in';
}

/** Endings that differ from those of the group: of all kinds, or of some. */
const ENDINGS: Partial<Record<HostileBehaviour, Ending | Partial<Record<Kind, Ending>>>> = {
  // Sizes
  'many-entries': { list: 'right', wait: 'either' },
  'many-members': 'ends',
  'long-number': { read: 'ends', write: 'ends', upload: 'ends', list: 'ends', wait: 'ends' },
  'long-header': 'right',
  'many-headers': 'right',
  // Lists
  'endless-entries': { list: 'right', wait: 'either' },
  'null-ids': { list: 'right', wait: 'either' },
  'big-ids': { list: 'right', wait: 'either' },
  'has-more-is-false': 'right',
  'pagination-says-no-more': 'right',
  'pagination-beside-a-cursor': 'right',
  'too-many-entries': { list: 'right', wait: 'either' },
  'odd-cursor': 'either',
  'cursor-with-a-path': 'either',
  'odd-entries': 'either',
  'list-is-an-object': { list: 'ends', wait: 'either' },
  'poisoned-entries': { list: 'either', wait: 'either' },
  // Lies
  'retry-after-a-year': 'error',
  'retry-after-a-year-503': 'error',
  'retry-after-a-date': 'error',
  'retry-after-a-date-503': 'error',
  'retry-after-nothing': 'error',
  'retry-after-nothing-503': 'error',
  'length-too-large': 'error',
  'length-too-small': 'error',
  'two-lengths': 'either',
  'length-and-chunks': 'either',
  'json-with-html': 'error',
  'byte-order-mark': 'either',
  'utf-16': 'either',
  'gzip-declared': 'either',
  'gzip-cut': 'either',
  'error-as-success': 'error',
  'no-content-with-body': {
    read: 'ends',
    write: 'ends',
    upload: 'ends',
    list: 'ends',
    wait: 'either',
    'sign-in': 'error',
  },
  'object-as-id': { read: 'ends', write: 'ends', upload: 'ends', list: 'ends', wait: 'either' },
  'odd-numbers': 'either',
  'redirect-elsewhere': 'error',
  'redirect-to-itself': 'error',
  'not-http': 'error',
  'unknown-status': 'error',
  'second-answer': 'either',
  'not-an-object': 'error',
  'nothing-in-it': {
    read: 'ends',
    write: 'ends',
    upload: 'ends',
    list: 'ends',
    'sign-in': 'error',
  },
  'null-in-place': {
    read: 'ends',
    write: 'ends',
    upload: 'ends',
    list: 'ends',
    'sign-in': 'error',
  },
  // Secrets
  'answer-repeats-secrets': 'right',
  'answer-is-named-by-secrets': 'right',
  'answer-joins-secrets': 'right',
  'refresh-token-is-an-expression': 'right',
  'token-lives-for-ever': 'right',
  'token-lives-oddly': 'right',
  'token-is-over': 'either',
};

const GROUP_ENDINGS: Record<Group, Ending> = {
  waiting: 'error',
  sizes: 'error',
  lists: 'error',
  lies: 'right',
  secrets: 'error',
};

function endingOf(group: Group, behaviour: HostileBehaviour, kind: Kind): Ending {
  const given = ENDINGS[behaviour];
  const ending = (typeof given === 'string' ? given : given?.[kind]) ?? GROUP_ENDINGS[group];
  // A job that is not found in what the service says is waited for until Max Wait, and the first poll may have
  // told that nothing is left of the rate limit.
  return ending === 'right' && kind === 'wait' ? 'either' : ending;
}

export const CELLS: Cell[] = names(hostileGroups).flatMap((group) =>
  names(hostileGroups[group] as Record<HostileBehaviour, unknown>).flatMap((behaviour) =>
    KINDS.filter((kind) => isMeaningful(group, behaviour, kind)).map((kind) => ({
      behaviour,
      kind,
      group,
      ending: endingOf(group, behaviour, kind),
    })),
  ),
);

/** The most requests that one cell may make: four attempts, a sign-in, a renewal. */
export const MAX_REQUESTS: Record<Kind, number> = {
  read: 8,
  write: 8,
  upload: 8,
  list: 30,
  'sign-in': 8,
  wait: 30,
};
