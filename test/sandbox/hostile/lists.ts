/** Lists that have no end, repeat themselves, or hold what no list should. A request without a list gets its answer. */
import { isObject, objectOf, type Behaviour, type Behaviours, type Subject } from './behaviour';

/** The page that a request asks for. */
interface Page {
  /** 0 for the first one. */
  number: number;
  /** What the client would like to have on it. */
  limit: number;
  /** The entries of the right answer. */
  entries: unknown[];
}

/** A page as it is sent: members of the answer, entries as they are or as JSON text. */
interface Sent {
  entries: unknown;
  nextCursor?: unknown;
  hasMore?: unknown;
  more?: object;
}

const cursor = (page: number) => `page-${page}`;

const CURSOR = /page-(\d+)/;

/** Whether a cursor is one of those that are given out here, which no list of the sandbox knows. */
export function isHostileCursor(value: unknown): boolean {
  return CURSOR.test(String(value));
}

/** Marks JSON that is sent as it is, for numbers that JavaScript does not have. */
class Raw {
  constructor(readonly json: string) {}
}

function list(what: string, make: (page: Page) => Sent): Behaviour {
  return {
    what,
    when: 'handled',
    async run(wire, subject) {
      const answer = objectOf(subject);
      const key = Object.keys(answer).find((each) => Array.isArray(answer[each]));
      if (key === undefined) return await wire.answer(subject.status, subject.text);
      const { entries, more, ...members } = make(pageOf(subject, answer[key] as unknown[]));
      const raw: string[] = [];
      const text = JSON.stringify(
        { ...answer, ...more, ...members, [key]: entries },
        (_, value: unknown) => (value instanceof Raw ? `raw ${raw.push(value.json) - 1}` : value),
      );
      const sent = text.replaceAll(/"raw (\d+)"/g, (_, index: string) => raw[Number(index)]);
      await wire.answer(subject.status, sent);
    },
  };
}

function pageOf({ query }: Subject, entries: unknown[]): Page {
  return {
    number: Number(CURSOR.exec(String(query.cursor))?.[1] ?? 0),
    limit: Number(query.limit ?? 20),
    entries,
  };
}

/** Entries of a page that no other page has. */
function newEntries(
  { number, limit }: Page,
  count = limit,
): Array<{ id: string; content: string }> {
  return Array.from({ length: count }, (_, index) => ({
    id: `entry-${number}-${index}`,
    content: `Entry ${index} of page ${number}`,
  }));
}

/** A page that says that there is another one. */
const followed = (page: Page, entries: unknown): Sent => ({
  entries,
  nextCursor: cursor(page.number + 1),
  hasMore: true,
});

/** A page of a list of three. */
const ofThree = (page: Page, entries: unknown): Sent =>
  page.number < 2 ? followed(page, entries) : { entries, nextCursor: null, hasMore: false };

export const lists = {
  'repeated-cursor': list('the same cursor on every page', (page) => ({
    ...followed(page, newEntries(page, 1)),
    nextCursor: cursor(1),
  })),
  'cursors-in-a-circle': list('three cursors that lead to each other', (page) => ({
    ...followed(page, newEntries(page, 1)),
    nextCursor: cursor((page.number % 3) + 1),
  })),
  'empty-pages': list('ever new cursors, and nothing on any page', (page) => followed(page, [])),
  'same-entries': list('ever new cursors, and the same entries on every page', (page) =>
    followed(page, newEntries({ ...page, number: 0 }, 3)),
  ),
  'same-entries-without-ids': list(
    'ever new cursors, and the same entries without IDs on every page',
    (page) => followed(page, [{ content: 'Hello' }]),
  ),
  'entries-without-ids': list('ever new cursors and 5,000 entries a page, without IDs', (page) =>
    followed(
      page,
      newEntries(page, 5000).map(({ content }) => ({ content })),
    ),
  ),
  'endless-entries': list('ever new cursors and entries', (page) =>
    followed(page, newEntries(page)),
  ),
  'endless-large-pages': list('ever new cursors and 5,000 entries a page', (page) =>
    followed(page, newEntries(page, 5000)),
  ),
  'null-ids': list('three pages of two entries each, whose IDs are null', (page) =>
    ofThree(
      page,
      newEntries(page, 2).map((entry) => ({ ...entry, id: null })),
    ),
  ),
  'big-ids': list(
    'three entries on three pages, whose IDs are above 2^53 and differ by one',
    (page) => ofThree(page, [{ id: new Raw(String(2n ** 60n + 1n + BigInt(page.number))) }]),
  ),
  'has-more-is-false': list('hasMore: false, with a cursor next to it', (page) => ({
    ...followed(page, page.entries),
    hasMore: false,
  })),
  'pagination-says-no-more': list('pagination.hasMore: false, with a cursor next to it', (page) => {
    const { entries, ...pagination } = followed(page, page.entries);
    return {
      entries,
      nextCursor: undefined,
      hasMore: undefined,
      more: { pagination: { ...pagination, hasMore: false } },
    };
  }),
  'pagination-beside-a-cursor': list(
    'pagination.hasMore: false, with a cursor in the answer itself',
    (page) => ({
      ...followed(page, page.entries),
      hasMore: undefined,
      more: { pagination: { hasMore: false } },
    }),
  ),
  'too-many-entries': list('ten times as many entries as asked for, and ever more', (page) =>
    followed(page, newEntries(page, page.limit * 10)),
  ),
  'odd-cursor': list('a cursor that is an object', (page) => ({
    ...followed(page, page.entries),
    nextCursor: { toString: 1 },
  })),
  'cursor-with-a-path': list('a cursor that reads like another address', (page) => ({
    ...ofThree(page, newEntries(page, 1)),
    ...(page.number === 0 && { nextCursor: '../../agents/me?cursor=page-2&limit=0#' }),
  })),
  'odd-entries': list('entries that are no objects', (page) => ({
    entries: [null, 1, 'text', true, [], [[1]], { id: {} }, { id: [] }, ...page.entries],
    nextCursor: null,
    hasMore: false,
  })),
  'list-is-an-object': list('an object in place of the list', (page) => ({
    entries: { ...page.entries, length: 1e9 },
    nextCursor: null,
    hasMore: false,
  })),
  'poisoned-entries': list('entries whose IDs cannot be turned into text', (page) =>
    ofThree(page, [{ id: { toString: 1, valueOf: 1 } }, ...page.entries.filter(isObject)]),
  ),
} satisfies Behaviours;
