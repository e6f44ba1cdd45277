import { createHash } from 'crypto';
import type { ApiResponse } from './client';
import { isRecord } from '../../../credentials/http/record';
import { formatNumber, shorten } from './formatValue';

/** The largest page of the service (docs/service.md: Sizes). */
export const MAX_PAGE_SIZE = 100;

/** A server that sends endless empty pages with new cursors would keep a workflow running forever. */
const MAX_STALE_PAGES = 10;

/** So would one that sends an entry or two with each cursor. */
const MAX_PAGES = 10_000;

/** The most entries that are read when there is no limit. */
const MAX_ENTRIES = 100_000;

/** The most that a list may hold altogether, in characters of JSON. */
const MAX_LENGTH = 128 * 1024 * 1024;

/** A cursor goes into the URL of the next page. */
const MAX_CURSOR_LENGTH = 4096;

/** A list that cannot be read to its end. */
export class UnreadableListError extends Error {
  /**
   * @param message what is wrong with it
   * @param isTooLong whether its first entries could be read
   */
  constructor(
    message: string,
    readonly isTooLong = false,
  ) {
    super(message);
  }
}

export interface PageOptions {
  /** The most entries to give; Infinity for all. */
  limit: number;
  /** The largest page to ask for. */
  pageSize: number;
  /** False where the service takes no `limit`: one response is the whole list. */
  paged: boolean;
  /** The documented key of the list. */
  key: string;
}

/**
 * Reads a list page by page.
 *
 * @param load requests one page with these query parameters
 * @param options how much to read, and where
 * @returns the entries in the order of the service, no entry twice across pages, and the first response
 * @throws UnreadableListError when the list has no end, is too large, or its next page cannot be asked for
 */
export async function readPages(
  load: (query: Record<string, string>) => Promise<ApiResponse>,
  { limit, pageSize, paged, key }: PageOptions,
): Promise<{ entries: unknown[]; first: unknown }> {
  const entries: unknown[] = [];
  const progress = new ListProgress();
  let first: unknown;
  let cursor: string | undefined;
  do {
    const size = Math.min(pageSize, limit - entries.length);
    const { body } = await load({
      ...(paged ? { limit: String(size) } : {}),
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (cursor === undefined) first = body;
    const page = cursor === undefined ? findList(body, key) : furtherPage(body, key);
    // A response without a list is for the caller to interpret.
    if (page === undefined) break;
    for (const entry of progress.withoutRepeats(page)) {
      // The service may give more than it was asked for.
      if (entries.length >= limit) break;
      if (entries.length >= MAX_ENTRIES && limit === Infinity) {
        throw tooLong(`the list has more than ${formatNumber(MAX_ENTRIES)} entries`);
      }
      entries.push(entry);
    }
    if (entries.length >= limit) break;
    const next = readCursor(body);
    if (next.problem !== undefined) throw new UnreadableListError(next.problem);
    if (next.cursor !== undefined) progress.advance(page, next.cursor);
    cursor = next.cursor;
  } while (cursor !== undefined);
  return { entries, first };
}

function tooLong(message: string): UnreadableListError {
  return new UnreadableListError(message, true);
}

/** What was read of a list so far, and whether it gets on. */
class ListProgress {
  private readonly ids = new Set<string | number>();

  /** Fingerprints, because cursors and pages may be long. */
  private readonly cursors = new Set<string>();

  private readonly contents = new Set<string>();

  private pages = 0;

  private stalePages = 0;

  private length = 0;

  private isNew = false;

  /** Leaves out the entries of a page that an earlier page had: they moved on while the list was read. */
  withoutRepeats(page: readonly unknown[]): unknown[] {
    const fresh = page.filter((entry) => {
      const id = entryId(entry);
      return id === undefined || !this.ids.has(id);
    });
    this.isNew = fresh.some((entry) => entryId(entry) !== undefined);
    for (const entry of fresh) {
      const id = entryId(entry);
      if (id !== undefined) this.ids.add(id);
    }
    return fresh;
  }

  /**
   * Looks at a page before the next one is asked for.
   *
   * @throws UnreadableListError when the list does not come to an end
   */
  advance(page: readonly unknown[], cursor: string): void {
    const content = JSON.stringify(page);
    // Entries without an id are only known by what is in them.
    const isRepeated = this.contents.has(fingerprint(content));
    this.isNew ||= !isRepeated && page.some((entry) => entryId(entry) === undefined);
    this.contents.add(fingerprint(content));
    this.pages += 1;
    this.length += content.length;
    this.stalePages = this.isNew ? 0 : this.stalePages + 1;
    if (this.cursors.has(fingerprint(cursor))) {
      throw new UnreadableListError(
        `the service returned the cursor "${shorten(cursor)}" twice, so the list never ends`,
      );
    }
    this.cursors.add(fingerprint(cursor));
    if (this.stalePages >= MAX_STALE_PAGES) {
      throw new UnreadableListError(
        `the service returned ${this.stalePages} pages in a row without a new entry`,
      );
    }
    if (this.pages >= MAX_PAGES) {
      throw tooLong(`the service returned ${formatNumber(MAX_PAGES)} pages and has more`);
    }
    if (this.length > MAX_LENGTH) {
      throw tooLong(`the list is larger than ${MAX_LENGTH / 1024 / 1024} MB`);
    }
  }
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/**
 * Tells by what an entry is known again.
 *
 * @returns its ID; undefined where it has none, or one that others may have as well: a number that is too
 *   large has lost its last digits
 */
export function entryId(entry: unknown): string | number | undefined {
  const id = isRecord(entry) ? entry.id : undefined;
  if (typeof id === 'string') return id === '' ? undefined : id;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : undefined;
}

/**
 * Finds the list in a response: under its documented key, else the only array, else the response itself.
 *
 * @returns undefined when there is no list, or several and none under the key
 */
export function findList(body: unknown, key: string): unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (!isRecord(body)) return undefined;
  const documented = Object.hasOwn(body, key) ? body[key] : undefined;
  if (Array.isArray(documented)) return documented;
  const arrays = Object.values(body).filter((value): value is unknown[] => Array.isArray(value));
  return arrays.length === 1 ? arrays[0] : undefined;
}

/** Finds the list in a further page. One that has none would end the list without a word. */
function furtherPage(body: unknown, key: string): unknown[] {
  const isEmpty = body === undefined || (isRecord(body) && body[key] === null);
  const page = isEmpty ? [] : findList(body, key);
  if (page === undefined)
    throw new UnreadableListError('the service returned a page without a list');
  return page;
}

/**
 * Reads where the next page of a list starts.
 *
 * @returns undefined after the last page, and where the place cannot be read
 */
export function nextCursor(body: unknown): string | undefined {
  return readCursor(body).cursor;
}

function readCursor(body: unknown): { cursor?: string; problem?: string } {
  if (!isRecord(body)) return {};
  const pagination = isRecord(body.pagination) ? body.pagination : {};
  if (body.hasMore === false || pagination.hasMore === false) return {};
  const next = pagination.nextCursor ?? body.nextCursor ?? '';
  if (next === '' || next === false) return {};
  const isPlace =
    typeof next === 'string' ||
    (typeof next === 'number' && Math.abs(next) <= Number.MAX_SAFE_INTEGER);
  if (!isPlace)
    return { problem: 'the service returned a cursor that is neither text nor a number' };
  const cursor = String(next);
  if (cursor.length <= MAX_CURSOR_LENGTH) return { cursor };
  return {
    problem: `the service returned a cursor of ${cursor.length} characters, but at most ${MAX_CURSOR_LENGTH} can be sent`,
  };
}
