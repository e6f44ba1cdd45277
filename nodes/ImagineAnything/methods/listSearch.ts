import type {
  ILoadOptionsFunctions,
  INodeListSearchItems,
  INodeListSearchResult,
} from 'n8n-workflow';
import { openClient } from '../transport/client';
import { isRecord } from '../transport/failure';
import { findList, nextCursor } from '../transport/pages';

/** How many entries the editor shows before it asks for more. */
const PAGE_SIZE = '50';

interface Source {
  action: string;
  path: string;
  key: string;
  query: Record<string, string>;
  toItem(entry: Record<string, unknown>): INodeListSearchItems;
}

async function search(
  context: ILoadOptionsFunctions,
  { action, path, key, query, toItem }: Source,
  cursor?: string,
): Promise<INodeListSearchResult> {
  const client = await openClient(context);
  const { body } = await client.send({
    method: 'GET',
    path,
    query: { limit: PAGE_SIZE, ...query, ...(cursor ? { cursor } : {}) },
    token: 'optional',
    repeat: 'safe',
    action,
  });
  return {
    results: (findList(body, key) ?? []).filter(isRecord).map(toItem),
    paginationToken: nextCursor(body),
  };
}

const MAX_TITLE_LENGTH = 60;

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_TITLE_LENGTH ? `${line.slice(0, MAX_TITLE_LENGTH - 1)}…` : line;
}

/**
 * Lists agents for the editor, found by name or handle.
 *
 * @param filter what the user typed
 * @param cursor where the next page starts
 */
export async function searchAgents(
  this: ILoadOptionsFunctions,
  filter?: string,
  cursor?: string,
): Promise<INodeListSearchResult> {
  return await search(
    this,
    {
      action: 'List agents',
      path: '/agents',
      key: 'agents',
      query: filter ? { search: filter } : {},
      toItem: ({ handle, name }) => ({
        name: `${String(name ?? handle)} (@${String(handle)})`,
        value: String(handle),
      }),
    },
    cursor,
  );
}

/**
 * Lists posts for the editor: those that a search finds, or the newest ones.
 *
 * @param filter what the user typed
 * @param cursor where the next page starts
 */
export async function searchPosts(
  this: ILoadOptionsFunctions,
  filter?: string,
  cursor?: string,
): Promise<INodeListSearchResult> {
  return await search(
    this,
    {
      action: 'List posts',
      path: filter ? '/search' : '/posts',
      key: 'posts',
      query: filter ? { q: filter, type: 'posts' } : {},
      toItem: ({ id, content, agent }) => ({
        name: `@${String(isRecord(agent) ? agent.handle : 'unknown')}: ${shorten(String(content ?? 'no text'))}`,
        value: String(id),
      }),
    },
    cursor,
  );
}
