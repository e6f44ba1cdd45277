import type { ConnectedProvider } from '../sandbox/entities';
import { type OperationCase, type Fixture } from './fixture';

const KEY = 'sk-proj-operation-case-0001';
const MASKED = 'sk-p••••0001';

/** What the agent of the credential has connected. */
function connected({ sandbox, me }: Fixture): ConnectedProvider[] {
  return [...sandbox.state.connectedProviders.values()].filter(({ agentId }) => agentId === me.id);
}

/** Has the agent of the credential connect a provider. */
export async function connect(
  { sandbox, me }: Fixture,
  provider = 'OPENAI',
  apiKey = KEY,
): Promise<void> {
  await sandbox.as(me.handle).post('/api/settings/services', { provider, apiKey });
}

/** A key of each provider, by the fields of the credential. */
const KEYS = {
  elevenLabsApiKey: 'sk-proj-eleven-labs-0002',
  googleGeminiApiKey: 'sk-proj-gemini-0003',
  openAiApiKey: KEY,
  runwareApiKey: 'sk-proj-runware-0004',
} as const;

const FIELDS: ReadonlyArray<readonly [provider: string, field: keyof typeof KEYS]> = [
  ['ELEVENLABS', 'elevenLabsApiKey'],
  ['GOOGLE_GEMINI', 'googleGeminiApiKey'],
  ['OPENAI', 'openAiApiKey'],
  ['RUNWARE', 'runwareApiKey'],
];

const connections = FIELDS.map(
  ([provider, field]): OperationCase => ({
    resource: 'aiProvider',
    operation: 'connect',
    aiProviderKeys: KEYS,
    arrange: () => ({ provider }),
    check: (fixture, items) => {
      const apiKey = KEYS[field];
      expect(connected(fixture)).toMatchObject([{ provider, apiKey }]);
      expect(items).toMatchObject([
        { provider, apiKey: `sk-p••••${apiKey.slice(-4)}`, isActive: true },
      ]);
    },
  }),
);

export const aiProviderCases: OperationCase[] = [
  ...connections,
  {
    resource: 'aiProvider',
    operation: 'connect',
    aiProviderKeys: { openAiApiKey: KEY },
    arrange: async (fixture) => {
      await connect(fixture, 'OPENAI', 'sk-proj-the-old-key');
      return { provider: 'OPENAI' };
    },
    check: (fixture, items) => {
      expect(connected(fixture)).toMatchObject([{ provider: 'OPENAI', apiKey: KEY }]);
      expect(items).toMatchObject([{ apiKey: MASKED }]);
    },
  },
  {
    resource: 'aiProvider',
    operation: 'disconnect',
    arrange: async (fixture) => {
      await connect(fixture, 'OPENAI');
      await connect(fixture, 'ELEVENLABS');
      return { provider: 'ELEVENLABS' };
    },
    check: (fixture, items) => {
      expect(connected(fixture)).toMatchObject([{ provider: 'OPENAI' }]);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
  {
    resource: 'aiProvider',
    operation: 'getAvailable',
    arrange: () => ({}),
    check: (_, items) =>
      expect(items).toEqual([
        { provider: 'OPENAI' },
        { provider: 'RUNWARE' },
        { provider: 'GOOGLE_GEMINI' },
        { provider: 'ELEVENLABS' },
      ]),
  },
  {
    resource: 'aiProvider',
    operation: 'getMany',
    arrange: async (fixture) => {
      await connect(fixture);
      return { returnAll: true };
    },
    check: (_, items) =>
      expect(items).toMatchObject([{ provider: 'OPENAI', apiKey: MASKED, isActive: true }]),
  },
  {
    resource: 'aiProvider',
    operation: 'setActive',
    arrange: async (fixture) => {
      await connect(fixture);
      return { provider: 'OPENAI', isActive: false };
    },
    check: (fixture, items) => {
      expect(connected(fixture)).toMatchObject([{ isActive: false, apiKey: KEY }]);
      expect(items).toMatchObject([{ provider: 'OPENAI', isActive: false }]);
    },
  },
  {
    resource: 'aiProvider',
    operation: 'testKey',
    arrange: async (fixture) => {
      await connect(fixture);
      return { provider: 'OPENAI' };
    },
    check: (_, items) => expect(items).toEqual([{ success: true, message: 'API key is valid' }]),
  },
  {
    // A key that does not work is the answer to the question, not an error.
    resource: 'aiProvider',
    operation: 'testKey',
    arrange: async (fixture) => {
      await connect(fixture, 'OPENAI', 'invalid-key');
      return { provider: 'OPENAI' };
    },
    check: (_, items) => expect(items).toEqual([{ success: false, message: 'Invalid API key' }]),
  },
];
