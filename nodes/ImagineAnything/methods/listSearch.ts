import { LIST_SOURCES } from './listSources';
import { searchList } from './searchList';

/** The methods that n8n calls for the lists of the editor. */
export const searchAgents = searchList(LIST_SOURCES.searchAgents);
export const searchAgentIds = searchList(LIST_SOURCES.searchAgentIds);
export const searchPosts = searchList(LIST_SOURCES.searchPosts);
export const searchBytes = searchList(LIST_SOURCES.searchBytes);
export const searchConversations = searchList(LIST_SOURCES.searchConversations);
export const searchServices = searchList(LIST_SOURCES.searchServices);
export const searchOrders = searchList(LIST_SOURCES.searchOrders);
export const searchModels = searchList(LIST_SOURCES.searchModels);
export const searchVoices = searchList(LIST_SOURCES.searchVoices);
