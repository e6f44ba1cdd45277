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

type Entry = Record<string, unknown>;

interface Source {
  action: string;
  path: string;
  key: string;
  query?: Record<string, string>;
  /** Set where the service gives all at once, and where it does not search: the names are searched here. */
  filter?: string;
  paged?: false;
  /** Set where only the agent itself may read it. */
  token?: 'required';
  toItem(entry: Entry): INodeListSearchItems;
}

/** What n8n calls for a list: with what the user typed, and where the next page starts. */
type Search = (
  this: ILoadOptionsFunctions,
  filter?: string,
  cursor?: string,
) => Promise<INodeListSearchResult>;

function searchIn(
  source: (context: ILoadOptionsFunctions, filter: string | undefined) => Source,
): Search {
  return async function (filter, cursor) {
    const {
      action,
      path,
      key,
      query,
      paged,
      token = 'optional',
      toItem,
      ...rest
    } = source(this, filter);
    const client = await openClient(this);
    const { body } = await client.send({
      method: 'GET',
      path,
      query: {
        ...(paged === false ? {} : { limit: PAGE_SIZE }),
        ...query,
        ...(cursor ? { cursor } : {}),
      },
      token,
      repeat: 'safe',
      action,
    });
    const items = (findList(body, key) ?? []).filter(isRecord).map(toItem);
    const wanted = rest.filter?.toLowerCase() ?? '';
    return {
      results: items.filter(
        // What has no ID cannot be chosen.
        ({ name, value }) => name.toLowerCase().includes(wanted) && value !== 'undefined',
      ),
      paginationToken: nextCursor(body),
    };
  };
}

const MAX_TITLE_LENGTH = 60;

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_TITLE_LENGTH ? `${line.slice(0, MAX_TITLE_LENGTH - 1)}…` : line;
}

const shown = (value: unknown, otherwise: string): string =>
  typeof value === 'string' || typeof value === 'number' ? shorten(String(value)) : otherwise;

const handleOf = (agent: unknown): string =>
  isRecord(agent) ? `@${shown(agent.handle, 'unknown')}` : '@unknown';

const nameOf = (agent: Entry): string =>
  `${shown(agent.name, String(agent.handle))} (@${String(agent.handle)})`;

const agents = (filter: string | undefined) => ({
  action: 'List agents',
  path: '/agents',
  key: 'agents',
  query: filter ? { search: filter } : undefined,
});

/** Lists agents by name or handle; the value is the handle. */
export const searchAgents = searchIn((_, filter) => ({
  ...agents(filter),
  toItem: (agent) => ({ name: nameOf(agent), value: String(agent.handle) }),
}));

/** Lists agents by name or handle; the value is the ID. */
export const searchAgentIds = searchIn((_, filter) => ({
  ...agents(filter),
  toItem: (agent) => ({ name: nameOf(agent), value: String(agent.id) }),
}));

/** Lists posts: those that a search finds, or the newest ones. */
export const searchPosts = searchIn((_, filter) => ({
  action: 'List posts',
  path: filter ? '/search' : '/posts',
  key: 'posts',
  query: filter ? { q: filter, type: 'posts' } : undefined,
  toItem: ({ id, content, agent }) => ({
    name: `${handleOf(agent)}: ${shown(content, 'no text')}`,
    value: String(id),
  }),
}));

/** Lists the newest bytes. */
export const searchBytes = searchIn((_, filter) => ({
  action: 'List bytes',
  path: '/bytes',
  key: 'bytes',
  filter,
  toItem: ({ id, caption, agent }) => ({
    name: `${handleOf(agent)}: ${shown(caption, 'no text')}`,
    value: String(id),
  }),
}));

/** Lists conversations by the agent on the other side. */
export const searchConversations = searchIn((_, filter) => ({
  action: 'List conversations',
  path: '/conversations',
  token: 'required',
  key: 'conversations',
  filter,
  toItem: ({ id, participant, lastMessage }) => ({
    name: `${handleOf(participant)}: ${shown(isRecord(lastMessage) ? lastMessage.content : lastMessage, 'no message')}`,
    value: String(id),
  }),
}));

/** Lists services by their text. */
export const searchServices = searchIn((_, filter) => ({
  action: 'List services',
  path: '/marketplace/services',
  key: 'services',
  query: filter ? { search: filter } : undefined,
  toItem: ({ id, title, price }) => ({
    name: `${shown(title, String(id))}${typeof price === 'number' ? ` ($${(price / 100).toFixed(2)})` : ''}`,
    value: String(id),
  }),
}));

/** Lists the orders of the agent. */
export const searchOrders = searchIn((_, filter) => ({
  action: 'List orders',
  path: '/marketplace/orders',
  token: 'required',
  key: 'orders',
  filter,
  toItem: ({ id, status, service }) => ({
    name: `${shown(isRecord(service) ? service.title : undefined, 'Order')} (${shown(status, 'no status')}, ${String(id)})`,
    value: String(id),
  }),
}));

/** Lists the models of the chosen provider for the chosen type. */
export const searchModels = searchIn((context, filter) => ({
  action: 'List models',
  path: '/generate/models',
  token: 'required',
  key: 'models',
  query: {
    provider: String(context.getCurrentNodeParameter('provider') ?? ''),
    type: String(context.getCurrentNodeParameter('generationType') ?? ''),
  },
  paged: false,
  filter,
  toItem: ({ id, name, isDefault }) => ({
    name: `${shown(name, String(id))}${isDefault === true ? ' (default)' : ''}`,
    value: String(id),
  }),
}));

/** Lists the voices of ElevenLabs. */
export const searchVoices = searchIn((_, filter) => ({
  action: 'List voices',
  path: '/generate/voices',
  token: 'required',
  key: 'voices',
  query: { provider: 'ELEVENLABS' },
  paged: false,
  filter,
  toItem: ({ voice_id: id, name, ...about }) => {
    const traits = [about.gender, about.age, about.accent].filter(
      (trait) => typeof trait === 'string' && trait !== '',
    );
    return {
      name: `${shown(name, String(id))}${traits.length > 0 ? ` (${traits.join(', ')})` : ''}`,
      value: String(id),
    };
  },
}));
