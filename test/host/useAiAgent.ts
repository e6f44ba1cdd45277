import { type ChatModel, startChatModel } from './chat-model';
import type { Credential } from './client';
import { failure, output } from './executions';
import type { UsedN8n } from './useN8n';
import { MANUAL, type NodeSpec, chain, connect, manualTrigger } from './workflows';

const AGENT = 'AI Agent';

/** The newest version of n8n's AI Agent in n8n 2.41.1. */
export const NEWEST_AI_AGENT = 3.1;

/** What {@link useAiAgent} sets up. */
export interface UsedAiAgent {
  readonly model: ChatModel;
  /** Runs an AI Agent of a version that has these tools, and gives its last words. */
  askVersion(typeVersion: number, text: string, ...tools: NodeSpec[]): Promise<unknown>;
  /** What the tools told the model, oldest first, as it was told. */
  toldToModel(): Array<string | null>;
}

/** Starts a model for n8n's AI Agent on this machine, for the tests of a file. */
export function useAiAgent({ host }: Pick<UsedN8n, 'host'>): UsedAiAgent {
  let model: ChatModel;
  let openAi: Credential;

  beforeAll(async () => {
    model = await startChatModel();
    openAi = await host.client.createCredential({
      name: 'Model on this machine',
      type: 'openAiApi',
      data: { apiKey: 'sk-none', url: model.url },
    });
  });

  afterAll(async () => {
    await model?.close();
  });

  return {
    get model() {
      return model;
    },
    askVersion: async (typeVersion, text, ...tools) => {
      const agent: NodeSpec = {
        name: AGENT,
        type: '@n8n/n8n-nodes-langchain.agent',
        typeVersion,
        parameters: { promptType: 'define', text, options: {} },
      };
      const chatModel: NodeSpec = {
        name: 'Chat Model',
        type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
        typeVersion: 1.3,
        parameters: {
          model: { __rl: true, mode: 'id', value: 'scripted' },
          responsesApiEnabled: false,
          options: { maxRetries: 0 },
        },
        credentials: { openAiApi: openAi },
      };
      const workflow = chain('Ask', manualTrigger, agent);
      connect(workflow, chatModel, 'ai_languageModel', AGENT);
      for (const each of tools) connect(workflow, each, 'ai_tool', AGENT);
      const { id } = await host.client.createWorkflow(workflow);
      const execution = await host.client.runToEnd(id, MANUAL);
      expect(failure(execution)).toBeUndefined();
      return output(execution, AGENT)[0].json.output;
    },
    toldToModel: () => {
      const { messages } = model.requests[model.requests.length - 1];
      return messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    },
  };
}
