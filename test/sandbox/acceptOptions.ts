/** What can be set about requests that the API's reference leaves open. Each line of `docs/assumptions.md` says more. */
import type { JsonSchema } from '../contract/load';

/** What the sandbox takes. The first choice of each is the default, and what the contract says. */
export const ACCEPT_CHOICES = {
  /**
   * Which fields are required: those of the contract; `asShown`, also those that the reference shows in its example
   * and does not call optional; `least`, not even those that are required only because others are called optional.
   */
  requires: ['documented', 'asShown', 'least'],
  /**
   * What the purpose of an upload decides: `apart`, the limits of a video and whether posts or bytes take it;
   * `alike`, nothing, and each video has the limits of the endpoint.
   */
  purposes: ['apart', 'alike'],
  /** Which uploads a post of the media type `BYTE` takes: `video`, as one of the type `VIDEO`; `byte`, one for a byte. */
  bytePosts: ['video', 'byte'],
  /** An empty text or list in an update: `clear` empties the field, `refuse` is a 400. */
  emptyValues: ['clear', 'refuse'],
  /** A list in an update: `replace` takes the place of the old one, `add` is added to it. */
  lists: ['replace', 'add'],
  /** The unit of the prices in the filters of services. */
  filterPrices: ['cents', 'dollars'],
  /** What `false` in a filter finds: `opposite`, those that are not verified or featured; `all`, as without it. */
  falseFilters: ['opposite', 'all'],
  /**
   * Which lists have pages: `everywhere`, of up to 100 entries; `asShown`, only those that the reference shows with
   * `limit`, of up to 50 entries, which is the most that it shows; a larger `limit` is cut.
   */
  paging: ['everywhere', 'asShown'],
  /** What is kept of the URL of a webhook: the `whole` URL, or the URL `withoutQuery`. */
  webhookUrls: ['whole', 'withoutQuery'],
} as const;

type Choices = typeof ACCEPT_CHOICES;

/** See {@link ACCEPT_CHOICES}. */
export type AcceptOptions = { [Name in keyof Choices]: Choices[Name][number] };

/** The defaults: what the contract says. */
export const ACCEPT_DEFAULTS: AcceptOptions = {
  requires: 'documented',
  purposes: 'apart',
  bytePosts: 'video',
  emptyValues: 'clear',
  lists: 'replace',
  filterPrices: 'cents',
  falseFilters: 'opposite',
  paging: 'everywhere',
  webhookUrls: 'whole',
};

/**
 * The schema of a body with the fields required that the setting asks for.
 *
 * @param schema the one of the contract, which names the fields in question in `x-may-require` and `x-may-omit`
 */
export function requiring(schema: JsonSchema, requires: AcceptOptions['requires']): JsonSchema {
  const names = (keyword: string) => (schema[keyword] ?? []) as string[];
  const required = names('required');
  switch (requires) {
    case 'documented':
      return schema;
    case 'asShown':
      return { ...schema, required: [...required, ...names('x-may-require')] };
    case 'least':
      return {
        ...schema,
        required: required.filter((name) => !names('x-may-omit').includes(name)),
      };
  }
}

/** The list of a field after an update. */
export function listAfter<Entry>(
  { lists }: AcceptOptions,
  before: readonly Entry[],
  given: readonly Entry[],
): Entry[] {
  return lists === 'add' ? [...new Set([...before, ...given])] : [...given];
}

/** A flag of a filter as it narrows the list; undefined when it does not. */
export function flagFilter({ falseFilters }: AcceptOptions, flag?: boolean): boolean | undefined {
  return flag === false && falseFilters === 'all' ? undefined : flag;
}

/** Lists whose calls the reference shows without `limit`. */
const SHOWN_WITHOUT_LIMIT = ['conversationGetMany', 'agentGetAxp'];

/** The largest `limit` in the reference: Get Messages in a Conversation. */
const LARGEST_SHOWN = 50;

/** The query of a call as the setting for pages leaves it. */
export function pagedQuery(
  { paging }: AcceptOptions,
  operationId: string,
  query: { limit?: number; cursor?: string },
): object {
  if (paging === 'everywhere') return query;
  if (SHOWN_WITHOUT_LIMIT.includes(operationId)) {
    return { ...query, limit: Infinity, cursor: undefined };
  }
  const { limit } = query;
  return limit === undefined ? query : { ...query, limit: Math.min(limit, LARGEST_SHOWN) };
}
