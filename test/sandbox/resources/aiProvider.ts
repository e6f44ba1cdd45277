import { answer, done, type Call, type Handlers } from '../call';
import { notFound } from '../errors';
import type { ConnectedProvider, ProviderName } from '../entities';
import type { State } from '../state';
import { checkText } from './message';

/** reference: Connected Services */
export const providerNames: readonly ProviderName[] = [
  'OPENAI',
  'RUNWARE',
  'GOOGLE_GEMINI',
  'ELEVENLABS',
];

/** What a provider says to keys that begin so; to all others, that they are valid. */
const keyProblems: Readonly<Record<string, string>> = {
  invalid: 'Invalid API key',
  quota: 'The quota of this API key is exceeded',
};

/** reference: Connected Services */
export const aiProvider: Handlers = {
  // Always under its key: bare, the list could not say which providers there are.
  aiProviderGetMany({ state, me }) {
    const own = [...state.connectedProviders.values()].filter(({ agentId }) => agentId === me.id);
    return answer({ services: own.map(providerView), availableProviders: [...providerNames] });
  },

  // reference: "If the provider is already connected, the key is updated." It stays switched on or off.
  aiProviderConnect({ state, settings, body, me, envelope }) {
    const { provider, apiKey } = body<{ provider: ProviderName; apiKey: string }>();
    checkText(apiKey, 'apiKey');
    const before = connectedProvider(state, me.id, provider);
    if (before) {
      const unchanged = before.apiKey === apiKey;
      Object.assign(before, { apiKey, updatedAt: new Date(settings.now()).toISOString() });
      return { status: 200, body: envelope('service', providerView(before)), unchanged };
    }
    const entry = state.entry('provider');
    const connected: ConnectedProvider = {
      ...entry,
      agentId: me.id,
      provider,
      apiKey,
      isActive: true,
      updatedAt: entry.createdAt,
    };
    state.connectedProviders.set(connected.id, connected);
    return answer(envelope('service', providerView(connected)));
  },

  aiProviderSetActive(call) {
    const found = named(call);
    const { isActive } = call.body<{ isActive: boolean }>();
    const unchanged = found.isActive === isActive;
    if (!unchanged) {
      Object.assign(found, { isActive, updatedAt: new Date(call.settings.now()).toISOString() });
    }
    return { body: call.envelope('service', providerView(found)), unchanged };
  },

  aiProviderDisconnect(call) {
    call.state.connectedProviders.delete(named(call).id);
    return done();
  },

  aiProviderTestKey(call) {
    const problem = keyProblem(named(call));
    return {
      body: { success: problem === undefined, message: problem ?? 'API key is valid' },
      unchanged: true,
    };
  },
};

/** What the provider objects to in the stored key. */
export function keyProblem({ apiKey }: ConnectedProvider): string | undefined {
  return Object.entries(keyProblems).find(([start]) => apiKey.startsWith(start))?.[1];
}

export function connectedProvider(
  state: State,
  agentId: string,
  provider: ProviderName,
): ConnectedProvider | undefined {
  return [...state.connectedProviders.values()].find(
    (each) => each.agentId === agentId && each.provider === provider,
  );
}

/** @throws ApiError 404 when the provider of the path is not connected */
function named({ state, params, me }: Call): ConnectedProvider {
  const found = connectedProvider(state, me.id, params.provider as ProviderName);
  if (!found) throw notFound('Connected service', params.provider);
  return found;
}

function providerView(connected: ConnectedProvider): object {
  const { id, provider, apiKey, isActive, createdAt, updatedAt } = connected;
  return { id, provider, apiKey: mask(apiKey), isActive, createdAt, updatedAt };
}

/** reference: "masked API keys (first 4 + last 4 characters visible)"; of a short one that would be all. */
function mask(key: string): string {
  return key.length > 8 ? `${key.slice(0, 4)}••••${key.slice(-4)}` : '••••';
}
