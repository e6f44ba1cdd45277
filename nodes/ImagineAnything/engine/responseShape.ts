/**
 * What an operation returns. Keys are those of the reference; reading them is tolerant (see `readOutput`).
 * - `object`: one item, taken from under `key` when the service wraps it; `spellings` gives the documented
 *   names of fields that the service is known to spell in another way, too; `idFrom` names the fields that hold
 *   the ID of an object without `id`, which is added to it;
 *   the query parameter `secretParameter` is masked in its URLs.
 * - `list`: one item for each entry, read page by page up to the user's limit; `paged: false` where the service
 *   gives everything at once.
 * - `whole`: one item with the response as it is; `list` names a list in it that is read page by page.
 * - `part`: only the field `key` of the response; one item for each entry when it is a list, plain entries
 *   under the name `entryName`.
 * - `deletion`: one item that says `deleted: true`, as n8n's nodes do, next to what the service said; false when
 *   the field `unless` of the response is true.
 */
export type ResponseShape =
  | {
      kind: 'object';
      key: string;
      spellings?: Readonly<Record<string, string>>;
      idFrom?: readonly string[];
      secretParameter?: string;
    }
  | { kind: 'list'; key: string; paged?: false; pageSize?: number }
  | { kind: 'whole'; list?: string }
  | { kind: 'part'; key: string; entryName?: string }
  | { kind: 'deletion'; unless?: string };
