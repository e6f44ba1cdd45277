import type { AddressInfo } from 'node:net';

import fastify from 'fastify';

/** One message of a chat, as OpenAI's API has it. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | null;
  tool_call_id?: string;
}

/** A tool that a chat offers to the model. */
export interface ChatTool {
  function: { name: string; description: string; parameters: Record<string, unknown> };
}

export interface ChatRequest {
  stream?: boolean;
  messages: ChatMessage[];
  tools: ChatTool[];
}

/** What the model does next: call a tool, or end with a text. */
export type Turn = { tool: string; input: Record<string, unknown> } | { text: string };

/** A model whose turns a test has written, behind OpenAI's API on this machine. */
export interface ChatModel {
  /** The base URL for n8n's OpenAI credential. */
  readonly url: string;
  readonly requests: ChatRequest[];
  /** Has it take these turns from now on. */
  play(...turns: Turn[]): void;
  close(): Promise<void>;
}

/** Starts a model on a free port. It answers 500 when it is asked for more turns than it was given. */
export async function startChatModel(): Promise<ChatModel> {
  const requests: ChatRequest[] = [];
  const left: Turn[] = [];
  const app = fastify({ forceCloseConnections: true });
  app.post<{ Body: ChatRequest }>('/v1/chat/completions', async ({ body }, reply) => {
    requests.push(body);
    const turn = left.shift();
    if (!turn) return await reply.code(500).send({ error: { message: 'No turn is left' } });
    const id = `turn_${requests.length}`;
    if (body.stream) return await reply.type('text/event-stream').send(streamed(id, turn));
    return {
      id,
      object: 'chat.completion',
      created: 0,
      model: 'scripted',
      choices: [{ index: 0, ...choice(id, turn) }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    play: (...turns) => {
      requests.length = 0;
      left.splice(0, left.length, ...turns);
    },
    close: async () => await app.close(),
  };
}

/** The same as a stream of one part: older versions of n8n's AI Agent ask for it. */
function streamed(id: string, turn: Turn): string {
  const { finish_reason, message } = choice(id, turn);
  const delta = {
    ...message,
    ...(message.tool_calls && {
      tool_calls: message.tool_calls.map((call, index) => ({ index, ...call })),
    }),
  };
  const part = {
    ...{ id, object: 'chat.completion.chunk', created: 0, model: 'scripted' },
    choices: [{ index: 0, delta, finish_reason }],
  };
  return `data: ${JSON.stringify(part)}\n\ndata: [DONE]\n\n`;
}

interface Choice {
  finish_reason: string;
  message: { role: string; content: string | null; tool_calls?: object[] };
}

function choice(id: string, turn: Turn): Choice {
  if ('text' in turn) {
    return { finish_reason: 'stop', message: { role: 'assistant', content: turn.text } };
  }
  const called = { name: turn.tool, arguments: JSON.stringify(turn.input) };
  return {
    finish_reason: 'tool_calls',
    message: {
      role: 'assistant',
      content: null,
      tool_calls: [{ id, type: 'function', function: called }],
    },
  };
}
