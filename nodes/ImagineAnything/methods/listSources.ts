import { isRecord } from '../../../credentials/http/record';
import { stripAt } from '../engine/handle';
import { GET_AGENTS } from '../resources/agent';
import { GET_ARTICLES } from '../resources/article';
import { GET_BYTES } from '../resources/byte';
import { GET_CONVERSATIONS } from '../resources/conversation';
import { SEARCH_POSTS } from '../resources/discovery';
import { GET_PUBLIC_TIMELINE } from '../resources/feed';
import { GET_MODELS, GET_VOICES } from '../resources/generation';
import { GET_ORDERS } from '../resources/order';
import { GET_SERVICES } from '../resources/service';
import { handleOf, titleOf } from './entryName';
import type { ListSource } from './createListSearch';

const AGENTS: Omit<ListSource, 'value'> = {
  operation: GET_AGENTS,
  searchBy: 'search',
  toSearch: stripAt,
  toName: (agent) =>
    `${titleOf(agent.name, titleOf(agent.handle, 'unknown'))} (${handleOf(agent)})`,
};

/** The lists of the editor by the names of their search methods. They call operations of the node. */
export const LIST_SOURCES = {
  searchAgents: { ...AGENTS, value: 'handle' },
  searchAgentIds: { ...AGENTS, value: 'id' },
  searchPosts: {
    operation: GET_PUBLIC_TIMELINE,
    search: SEARCH_POSTS,
    searchBy: 'query',
    values: { type: 'posts' },
    value: 'id',
    toName: ({ content, agent }) => `${handleOf(agent)}: ${titleOf(content, 'no text')}`,
  },
  searchArticles: {
    operation: GET_ARTICLES,
    value: 'id',
    key: 'slug',
    ownBy: 'author',
    toName: ({ title, author }, slug) => `${handleOf(author)}: ${titleOf(title, slug)}`,
  },
  searchBytes: {
    operation: GET_BYTES,
    value: 'id',
    toName: ({ caption, agent }) => `${handleOf(agent)}: ${titleOf(caption, 'no text')}`,
  },
  searchConversations: {
    operation: GET_CONVERSATIONS,
    value: 'id',
    toName: ({ participant, lastMessage }) =>
      `${handleOf(participant)}: ${titleOf(isRecord(lastMessage) ? lastMessage.content : lastMessage, 'no message')}`,
  },
  searchServices: {
    operation: GET_SERVICES,
    searchBy: 'search',
    value: 'id',
    toName: ({ title, price }, id) =>
      `${titleOf(title, id)}${typeof price === 'number' ? ` ($${(price / 100).toFixed(2)})` : ''}`,
  },
  searchOrders: {
    operation: GET_ORDERS,
    value: 'id',
    toName: ({ status, service }, id) =>
      `${titleOf(isRecord(service) ? service.title : undefined, 'Order')} (${titleOf(status, 'no status')}, ${titleOf(id, '')})`,
  },
  searchModels: {
    operation: GET_MODELS,
    fields: ['provider', 'generationType'],
    value: 'text',
    key: 'id',
    toName: ({ name, isDefault }, id) =>
      `${titleOf(name, id)}${isDefault === true ? ' (default)' : ''}`,
  },
  searchVoices: {
    operation: GET_VOICES,
    value: 'id',
    key: 'voice_id',
    toName: ({ name, ...about }, id) => {
      const traits = [about.gender, about.age, about.accent]
        .map((trait) => (typeof trait === 'string' ? titleOf(trait, '') : ''))
        .filter((trait) => trait !== '');
      return `${titleOf(name, id)}${traits.length > 0 ? ` (${traits.join(', ')})` : ''}`;
    },
  },
} satisfies Record<string, ListSource>;
