/** The most that is read unless a test says otherwise. */
export const OPTIONS = { limit: Infinity, pageSize: 100, paged: true, key: 'posts' };

/** Gives these bodies one after another. */
export function bodies(...pages: unknown[]) {
  const asked: Array<Record<string, string>> = [];
  const load = async (query: Record<string, string>) => {
    asked.push(query);
    return { status: 200, body: pages[asked.length - 1] };
  };
  return { load, asked };
}

/** A page with entries of these IDs. */
export const page = (ids: string[], cursor?: string) => ({
  posts: ids.map((id) => ({ id })),
  nextCursor: cursor ?? null,
});
