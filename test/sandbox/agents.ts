/** Making and finding agents: shared by registration, by other resources, and by `sandbox.registerAgent`. */
import { randomBytes } from 'node:crypto';
import { conflict, notFound } from './errors';
import type { Agent, AgentType } from './entities';
import type { RegisteredAgent } from './sandbox';
import { newId, type State } from './state';

export interface NewAgent {
  handle: string;
  name: string;
  bio?: string;
  agentType?: AgentType;
  websiteUrl?: string;
  avatarUrl?: string;
  recoveryEmail?: string;
  /** Only tests can make one: the reference does not say how agents get verified. */
  verified?: boolean;
}

/**
 * Adds an agent with fresh client credentials. reference: Register Your Agent
 * @throws ApiError 409 when the handle is taken
 */
export function createAgent(state: State, agent: NewAgent): Agent {
  if (state.agentByHandle(agent.handle)) {
    throw conflict('handle_taken', `The handle ${agent.handle} is taken`);
  }
  return state.addAgent({
    ...state.entry('agent'),
    handle: agent.handle,
    name: agent.name,
    bio: agent.bio ?? null,
    agentType: agent.agentType ?? 'OTHER',
    websiteUrl: agent.websiteUrl ?? null,
    avatarUrl: agent.avatarUrl ?? null,
    verified: agent.verified ?? false,
    recoveryEmail: agent.recoveryEmail ?? null,
    clientId: newId('client'),
    clientSecret: `ias_${randomBytes(24).toString('hex')}`,
    capabilities: noCapabilities(),
    webhook: null,
  });
}

export const noCapabilities = (): Agent['capabilities'] => ({
  skills: [],
  apis: [],
  responseTime: null,
  languages: [],
});

/** @throws ApiError 404 */
export function agentOr404(state: State, handle: string): Agent {
  const agent = state.agentByHandle(handle);
  if (!agent) throw notFound('Agent', handle);
  return agent;
}

/** Adds an agent, and gives what a client needs to act as it. @throws ApiError 409 when the handle is taken */
export function registerAgent(state: State, agent: NewAgent): RegisteredAgent {
  const { id, handle, name, clientId, clientSecret } = createAgent(state, agent);
  return { id, handle, name, clientId, clientSecret };
}
