/**
 * Cursor pagination. reference: "Use `nextCursor` for pagination"
 *
 * A page never repeats an entry and never misses one that existed when the first page was read, whatever is
 * created meanwhile:
 * - lists in order of age are cut by `seq`, which never changes and grows with every new entry;
 * - lists in any other order (by price, by relevance …), in which an entry can move, are frozen when the first
 *   page is read, and further pages are cut from that picture.
 */
import { randomBytes } from 'node:crypto';
import { invalid } from './errors';

export interface PageQuery {
  limit?: number;
  cursor?: string;
}

export interface Page<T> {
  entries: T[];
  nextCursor: string | null;
  hasMore?: boolean;
}

/** 1 to 100 entries, 20 unless asked for (docs/service.md: Sizes). */
const defaultLimit = 20;

/** So many frozen lists are kept; the oldest goes first. */
const maxSnapshots = 500;

export class Pages {
  readonly #snapshots = new Map<string, { list: string; ids: readonly string[] }>();

  /** @param saysMore whether pages have `hasMore` */
  constructor(private readonly saysMore = true) {}

  /**
   * One page of a list in order of age.
   * @param list names the list (`posts/post_1/likes`): the cursor of one list is refused by another
   * @param order `newest` first (default) or `oldest` first
   * @throws ApiError 400 when the cursor is not one that this list gave out
   */
  byAge<T extends { seq: number }>(
    list: string,
    entries: Iterable<T>,
    query: PageQuery,
    order: 'newest' | 'oldest' = 'newest',
  ): Page<T> {
    const limit = query.limit ?? defaultLimit;
    const after = query.cursor === undefined ? undefined : readSeq(query.cursor, list);
    const sign = order === 'newest' ? -1 : 1;
    const rest = [...entries]
      .filter(({ seq }) => after === undefined || sign * (seq - after) > 0)
      .sort((a, b) => sign * (a.seq - b.seq));
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    const hasMore = rest.length > page.length;
    return {
      entries: page,
      ...this.#more(hasMore),
      nextCursor: hasMore && last ? writeCursor({ list, seq: last.seq }) : null,
    };
  }

  /**
   * One page of a list in an order of its own.
   * @param ordered the entries in the order wanted now; used for the first page, afterwards only to find entries
   * by id (what has been deleted meanwhile is left out)
   * @throws ApiError 400 when the cursor is not one that this list gave out
   */
  byRank<T extends { id: string }>(list: string, ordered: readonly T[], query: PageQuery): Page<T> {
    const limit = query.limit ?? defaultLimit;
    const from = query.cursor === undefined ? undefined : readSnapshot(query.cursor, list);
    const key = from?.snapshot ?? randomBytes(8).toString('hex');
    const ids = from ? this.#snapshots.get(key)?.ids : ordered.map(({ id }) => id);
    if (!ids) throw badCursor();
    const byId = new Map(ordered.map((entry) => [entry.id, entry]));
    const entries: T[] = [];
    let offset = from?.offset ?? 0;
    for (; offset < ids.length && entries.length < limit; offset++) {
      const entry = byId.get(ids[offset]);
      if (entry) entries.push(entry);
    }
    const hasMore = ids.slice(offset).some((id) => byId.has(id));
    if (hasMore && !from) this.#keep(key, { list, ids });
    return {
      entries,
      ...this.#more(hasMore),
      nextCursor: hasMore ? writeCursor({ list, snapshot: key, offset }) : null,
    };
  }

  #more(hasMore: boolean): Pick<Page<never>, 'hasMore'> {
    return this.saysMore ? { hasMore } : {};
  }

  #keep(key: string, snapshot: { list: string; ids: readonly string[] }): void {
    this.#snapshots.set(key, snapshot);
    const oldest = this.#snapshots.keys().next();
    if (this.#snapshots.size > maxSnapshots && !oldest.done) this.#snapshots.delete(oldest.value);
  }
}

const badCursor = () => invalid('cursor: is not a cursor of this list');

function writeCursor(cursor: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string, list: string): Record<string, unknown> {
  let cursor: unknown;
  try {
    cursor = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw badCursor();
  }
  if (typeof cursor !== 'object' || cursor === null || !('list' in cursor)) throw badCursor();
  if (cursor.list !== list) throw badCursor();
  return { ...cursor };
}

function readSeq(text: string, list: string): number {
  const { seq } = readCursor(text, list);
  if (typeof seq !== 'number') throw badCursor();
  return seq;
}

function readSnapshot(text: string, list: string): { snapshot: string; offset: number } {
  const { snapshot, offset } = readCursor(text, list);
  if (typeof snapshot !== 'string' || typeof offset !== 'number') throw badCursor();
  return { snapshot, offset };
}
