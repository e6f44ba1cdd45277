import type {
  ILoadOptionsFunctions,
  INodeListSearchItems,
  INodeListSearchResult,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { ADVICE } from '../engine/advice';
import { AUTHENTICATION, isNone } from '../engine/authenticationChoice';
import { checkValue } from '../engine/validate';
import type { Parameter } from '../engine/parameter';
import { CREDENTIAL, openClient } from '../transport/client';
import { deadlineIn } from '../transport/deadline';
import { isRecord } from '../../../credentials/http/record';
import { findList, nextCursor } from '../transport/pagination';
import { shorten } from '../transport/shown';

/** How many entries the editor shows before it asks for more. */
const PAGE_SIZE = '50';

/** How many it shows where the service gives more than it was asked for. */
const MAX_ENTRIES = 500;

/** Who looks at an empty list does not wait for the rate limit. */
const MAX_WAIT_MS = 30_000;

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
  /** What an entry stands for, and how its field checks that. */
  value: 'id' | 'handle' | 'text';
  /** The member of an entry that holds the value; that of its kind where left out. */
  member?: string;
  /** Names an entry by its checked value. */
  toName(entry: Entry, value: string): string;
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
    const asked = source(this, filter);
    const { action, path, key, query, paged, token = 'optional' } = asked;
    const isAnonymous = isNone(this.getCurrentNodeParameter(AUTHENTICATION.name));
    if (!isAnonymous) checkCredential(this, token);
    const client = await openClient(this, {
      maxWaitMs: MAX_WAIT_MS,
      isAnonymous,
      advice: { noCredential: ADVICE.noCredential, anonymous: ADVICE.anonymous },
    });
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
      deadline: deadlineIn(MAX_WAIT_MS),
    });
    const wanted = asked.filter?.toLowerCase() ?? '';
    return {
      results: (findList(body, key) ?? [])
        .slice(0, MAX_ENTRIES)
        .filter(isRecord)
        .flatMap((entry) => toItem(asked, entry))
        .filter(({ name }) => name.toLowerCase().includes(wanted)),
      paginationToken: nextCursor(body),
    };
  };
}

/**
 * Refuses a list that needs a credential where none is chosen, or only its name is known, as in a workflow that
 * was imported: n8n would say "Found credential with no ID." (n8n 2.41.1).
 */
function checkCredential(context: ILoadOptionsFunctions, token: 'optional' | 'required'): void {
  const node = context.getNode();
  const reference = node.credentials?.[CREDENTIAL];
  if (reference === undefined ? token === 'optional' : reference.id) return;
  throw new NodeOperationError(node, 'Choose a credential first', {
    description: `${ADVICE.noCredential} Then this list can be loaded.`,
  });
}

/** Makes an entry of the editor's list; none of what its field would refuse. */
function toItem(source: Source, entry: Entry): INodeListSearchItems[] {
  const value = checkedValue(source, entry);
  return value === undefined ? [] : [{ name: toName(source.toName(entry, value)), value }];
}

/**
 * Checks a value as its field does. n8n stores it as one of the field, and evaluates it there when it
 * begins with `=` (n8n-workflow 2.41.0, `WorkflowExpression.getParameterValue`).
 */
function checkedValue({ value: kind, member = kind }: Source, entry: Entry): string | undefined {
  const field: Parameter = { kind, name: 'value', displayName: 'Value', in: 'path' };
  const raw = Object.hasOwn(entry, member) ? entry[member] : undefined;
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined;
  try {
    const value = checkValue(
      { ...field, ...(kind === 'text' ? { maxLength: MAX_VALUE_LENGTH } : {}) },
      typeof raw === 'string' ? raw.trim() : raw,
    );
    return typeof value === 'string' && !value.startsWith('=') ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Longer than any text that names something. */
const MAX_VALUE_LENGTH = 256;

const MAX_TITLE_LENGTH = 60;

/** Two titles, and what stands between them. */
const MAX_NAME_LENGTH = 160;

/** So much of a text is looked at for its title. */
const MAX_READ = 1000;

/** One line without what cannot be seen. */
function toLine(text: string): string {
  return text
    .slice(0, MAX_READ)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** n8n stores the name next to the value, and evaluates it with it. */
function toName(text: string): string {
  const line = toLine(text).replace(/^[=\s]+/, '');
  return shorten(line, MAX_NAME_LENGTH) || 'no name';
}

const shown = (value: unknown, otherwise: string): string =>
  (typeof value === 'string' || typeof value === 'number') && value !== ''
    ? shorten(toLine(String(value)), MAX_TITLE_LENGTH)
    : otherwise;

const handleOf = (agent: unknown): string => {
  const handle = isRecord(agent) ? shown(agent.handle, 'unknown') : 'unknown';
  return handle.startsWith('@') ? handle : `@${handle}`;
};

const agents = (filter: string | undefined) => ({
  action: 'List agents',
  path: '/agents',
  key: 'agents',
  query: filter ? { search: filter } : undefined,
  toName: (agent: Entry) =>
    `${shown(agent.name, shown(agent.handle, 'unknown'))} (${handleOf(agent)})`,
});

/** Lists agents by name or handle; the value is the handle. */
export const searchAgents = searchIn((_, filter) => ({ ...agents(filter), value: 'handle' }));

/** Lists agents by name or handle; the value is the ID. */
export const searchAgentIds = searchIn((_, filter) => ({ ...agents(filter), value: 'id' }));

/** Lists posts: those that a search finds, or the newest ones. */
export const searchPosts = searchIn((_, filter) => ({
  action: 'List posts',
  path: filter ? '/search' : '/posts',
  key: 'posts',
  query: filter ? { q: filter, type: 'posts' } : undefined,
  value: 'id',
  toName: ({ content, agent }) => `${handleOf(agent)}: ${shown(content, 'no text')}`,
}));

/** Lists the newest bytes. */
export const searchBytes = searchIn((_, filter) => ({
  action: 'List bytes',
  path: '/bytes',
  key: 'bytes',
  filter,
  value: 'id',
  toName: ({ caption, agent }) => `${handleOf(agent)}: ${shown(caption, 'no text')}`,
}));

/** Lists conversations by the agent on the other side. */
export const searchConversations = searchIn((_, filter) => ({
  action: 'List conversations',
  path: '/conversations',
  token: 'required',
  key: 'conversations',
  filter,
  value: 'id',
  toName: ({ participant, lastMessage }) =>
    `${handleOf(participant)}: ${shown(isRecord(lastMessage) ? lastMessage.content : lastMessage, 'no message')}`,
}));

/** Lists services by their text. */
export const searchServices = searchIn((_, filter) => ({
  action: 'List services',
  path: '/marketplace/services',
  key: 'services',
  query: filter ? { search: filter } : undefined,
  value: 'id',
  toName: ({ title, price }, id) =>
    `${shown(title, id)}${typeof price === 'number' ? ` ($${(price / 100).toFixed(2)})` : ''}`,
}));

/** Lists the orders of the agent. */
export const searchOrders = searchIn((_, filter) => ({
  action: 'List orders',
  path: '/marketplace/orders',
  token: 'required',
  key: 'orders',
  filter,
  value: 'id',
  toName: ({ status, service }, id) =>
    `${shown(isRecord(service) ? service.title : undefined, 'Order')} (${shown(status, 'no status')}, ${shown(id, '')})`,
}));

/** Lists the models of the chosen provider for the chosen type. */
export const searchModels = searchIn((context, filter) => ({
  action: 'List models',
  path: '/generate/models',
  token: 'required',
  key: 'models',
  query: {
    provider: chosen(context, 'provider'),
    type: chosen(context, 'generationType'),
  },
  paged: false,
  filter,
  value: 'text',
  member: 'id',
  toName: ({ name, isDefault }, id) =>
    `${shown(name, id)}${isDefault === true ? ' (default)' : ''}`,
}));

/** The value of another field; nothing where it is an expression that gives no text. */
function chosen(context: ILoadOptionsFunctions, field: string): string {
  const value = context.getCurrentNodeParameter(field);
  return typeof value === 'string' ? value : '';
}

/** Lists the voices of ElevenLabs. */
export const searchVoices = searchIn((_, filter) => ({
  action: 'List voices',
  path: '/generate/voices',
  token: 'required',
  key: 'voices',
  query: { provider: 'ELEVENLABS' },
  paged: false,
  filter,
  value: 'id',
  member: 'voice_id',
  toName: ({ name, ...about }, id) => {
    const traits = [about.gender, about.age, about.accent]
      .map((trait) => (typeof trait === 'string' ? shown(trait, '') : ''))
      .filter((trait) => trait !== '');
    return `${shown(name, id)}${traits.length > 0 ? ` (${traits.join(', ')})` : ''}`;
  },
}));
