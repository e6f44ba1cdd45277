import { LIST_SOURCES } from './listSources';
import { createListSearch } from './createListSearch';

/** The methods that n8n calls for the lists of the editor. */
export const searchAgents = createListSearch(LIST_SOURCES.searchAgents);
export const searchAgentIds = createListSearch(LIST_SOURCES.searchAgentIds);
export const searchPosts = createListSearch(LIST_SOURCES.searchPosts);
export const searchArticles = createListSearch(LIST_SOURCES.searchArticles);
export const searchBytes = createListSearch(LIST_SOURCES.searchBytes);
export const searchConversations = createListSearch(LIST_SOURCES.searchConversations);
export const searchServices = createListSearch(LIST_SOURCES.searchServices);
export const searchOrders = createListSearch(LIST_SOURCES.searchOrders);
export const searchModels = createListSearch(LIST_SOURCES.searchModels);
export const searchVoices = createListSearch(LIST_SOURCES.searchVoices);
