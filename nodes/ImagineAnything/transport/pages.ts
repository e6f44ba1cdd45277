import type { ApiAnswer } from './client';
import { isRecord } from './failure';

/** The largest page that the service gives (facts file: page size 1–100). */
export const MAX_PAGE_SIZE = 100;

/** A server that only sends empty pages with ever new cursors would keep a workflow busy for ever. */
const MAX_EMPTY_PAGES = 10;

/** A list that cannot be read to its end. */
export class EndlessList extends Error {}

export interface PageOptions {
  /** The most entries to give; Infinity for all. */
  limit: number;
  /** The largest page to ask for. */
  pageSize: number;
  /** False where the service takes neither `limit` nor `cursor`: one answer is the whole list. */
  paged: boolean;
  /** The documented key of the list. */
  key: string;
}

/**
 * Reads a list page by page.
 *
 * @param load asks for one page with these query members
 * @param options how much to read, and where
 * @returns the entries in the order of the service, no entry twice across pages, and the first answer
 * @throws EndlessList when the service repeats a cursor or gives no entry many pages long
 */
export async function readPages(
  load: (query: Record<string, string>) => Promise<ApiAnswer>,
  { limit, pageSize, paged, key }: PageOptions,
): Promise<{ entries: unknown[]; first: unknown }> {
  const entries: unknown[] = [];
  const cursors = new Set<string>();
  const ids = new Set<unknown>();
  let first: unknown;
  let cursor: string | undefined;
  let emptyPages = 0;
  do {
    const size = Math.min(pageSize, limit - entries.length);
    const { body } = await load({
      ...(paged ? { limit: String(size) } : {}),
      ...(cursor === undefined ? {} : { cursor }),
    });
    first ??= body;
    const page = findList(body, key) ?? [];
    // An entry that moved on to a later page while the list was read is given once.
    const fresh = cursors.size === 0 ? page : page.filter((entry) => !ids.has(idOf(entry)));
    for (const entry of page) if (idOf(entry) !== undefined) ids.add(idOf(entry));
    entries.push(...fresh);
    emptyPages = fresh.length === 0 ? emptyPages + 1 : 0;
    cursor = nextCursor(body);
    if (cursor !== undefined && entries.length < limit) {
      if (cursors.has(cursor)) {
        throw new EndlessList(
          `the service gave the cursor "${cursor}" twice, so the list has no end`,
        );
      }
      if (emptyPages >= MAX_EMPTY_PAGES) {
        throw new EndlessList(`the service gave ${emptyPages} pages in a row without a new entry`);
      }
      cursors.add(cursor);
    }
  } while (cursor !== undefined && entries.length < limit);
  return { entries: entries.slice(0, limit), first };
}

function idOf(entry: unknown): unknown {
  return isRecord(entry) ? entry.id : undefined;
}

/**
 * Finds the list in an answer: under its documented key, else the only array, else the answer itself
 * (facts file: Envelopes).
 *
 * @returns undefined when there is no list, or several and none under the key
 */
export function findList(body: unknown, key: string): unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (!isRecord(body)) return undefined;
  if (Array.isArray(body[key])) return body[key];
  const arrays = Object.values(body).filter((value): value is unknown[] => Array.isArray(value));
  return arrays.length === 1 ? arrays[0] : undefined;
}

/**
 * Reads where the next page of a list starts.
 *
 * @returns undefined after the last page
 */
export function nextCursor(body: unknown): string | undefined {
  if (!isRecord(body) || body.hasMore === false) return undefined;
  const { nextCursor: next } = isRecord(body.pagination) ? { ...body, ...body.pagination } : body;
  return (typeof next === 'string' && next !== '') || typeof next === 'number'
    ? String(next)
    : undefined;
}
