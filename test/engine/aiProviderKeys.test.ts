import type { INodeParameters } from 'n8n-workflow';
import type { Fault } from '../sandbox/faults';
import type { RunOptions, RunResult } from './support/n8n';
import { useN8n } from './support/useN8n';

const KEY = 'sk-engine-openai-0001';
const OTHER = 'sk-engine-runware-0002';
const CREDENTIAL = 'My account';

describe('the keys of AI providers in the credential', () => {
  const { n8n, sandbox, fixture } = useN8n();

  beforeEach(() => {
    hold({ openAiApiKey: KEY });
  });

  /** Saves the credential with these keys. */
  function hold(keys: Readonly<Record<string, string>>): void {
    n8n.saveCredential(CREDENTIAL, { ...fixture.me, baseUrl: sandbox.url, ...keys });
  }

  async function run(
    operation: string,
    parameters: INodeParameters = {},
    options: Partial<RunOptions> = {},
  ): Promise<RunResult> {
    return await n8n.run({
      credential: CREDENTIAL,
      parameters: { resource: 'aiProvider', operation, ...parameters },
      ...options,
    });
  }

  const connect = async (provider = 'OPENAI', options: Partial<RunOptions> = {}) =>
    await run('connect', { provider }, options);

  const connected = () => [...sandbox.state.connectedProviders.values()];

  it.each([
    ['ELEVENLABS', 'ElevenLabs API Key'],
    ['GOOGLE_GEMINI', 'Google Gemini API Key'],
    ['OPENAI', 'OpenAI API Key'],
    ['RUNWARE', 'Runware API Key'],
  ])('says which field is empty for %s, and sends nothing', async (provider, field) => {
    hold({ clientId: fixture.me.clientId });
    const { error } = await connect(provider);

    expect(error?.message).toBe(
      `Connect AI provider: the field "${field}" of the credential "${CREDENTIAL}" is empty`,
    );
    expect(error?.description).toBe(
      'Nothing was sent. Open the credential, turn on AI Provider Keys, and enter the key there.',
    );
    expect(error?.context).toMatchObject({ itemIndex: 0 });
    expect([...sandbox.requests]).toEqual([]);
  });

  it('takes a key of spaces for none', async () => {
    hold({ openAiApiKey: ' \n' });
    expect((await connect()).error?.message).toContain('"OpenAI API Key"');
    expect([...sandbox.requests]).toEqual([]);
  });

  it('sends nothing for the other items either', async () => {
    const input = [{ json: { provider: 'OPENAI' } }, { json: { provider: 'RUNWARE' } }];
    const { error } = await connect('={{ $json.provider }}', { input });

    expect(error?.message).toContain('"Runware API Key"');
    expect(error?.context).toMatchObject({ itemIndex: 1 });
    expect([...sandbox.requests]).toEqual([]);
  });

  it('goes on with the other items where the node does', async () => {
    const input = [{ json: { provider: 'RUNWARE' } }, { json: { provider: 'OPENAI' } }];
    const settings = { onError: 'continueRegularOutput' } as const;
    const { json } = await connect('={{ $json.provider }}', { input, settings });

    expect(json).toMatchObject([
      { error: expect.stringContaining('"Runware API Key"') as unknown },
      { provider: 'OPENAI' },
    ]);
  });

  it('asks for a credential where there is none', async () => {
    const { error } = await connect('OPENAI', { credential: undefined });
    expect(error?.message).toBe('Connect AI provider: this operation requires a credential');
  });

  it('asks for Authentication Agent before it looks for the key', async () => {
    const { error } = await run('connect', { authentication: 'none', provider: 'OPENAI' });

    expect(error).toMatchObject({
      message: 'Connect AI provider: this operation requires a credential',
      description: 'Nothing was sent. Set Authentication to Agent and choose a credential.',
    });
    expect([...sandbox.requests]).toEqual([]);
  });

  it('sends a key without the line end that it was pasted with', async () => {
    hold({ openAiApiKey: `${KEY}\n` });
    await connect();
    expect(connected().at(-1)).toMatchObject({ apiKey: KEY });
  });

  it('refuses a key with a line break in it', async () => {
    hold({ openAiApiKey: `${KEY}\n${KEY}` });
    const { error } = await connect();

    expect(error?.message).toMatch(/"OpenAI API Key" .* contains spaces or line breaks$/);
    expect([...sandbox.requests]).toEqual([]);
  });

  it('takes the key of each item from the credential of that item', async () => {
    hold({ openAiApiKey: '={{ $json.key }}' });
    const keys = ['sk-engine-item-0001', 'sk-engine-item-0002'];
    await connect('OPENAI', { input: keys.map((key) => ({ json: { key } })) });

    expect(connected().at(-1)).toMatchObject({ apiKey: keys[1] });
    expect(sandbox.requests.of('aiProviderConnect')).toHaveLength(2);
  });

  describe('are in no answer', () => {
    /** Has the service answer with this. */
    const answerWith = (operationId: string, body: object): void => {
      const contentType = 'application/json';
      const fault: Fault = { kind: 'content-type', contentType, body: JSON.stringify(body) };
      sandbox.faults.add({ match: { operationId }, fault });
    };

    it('not the one that was sent, nor the others', async () => {
      hold({ openAiApiKey: KEY, runwareApiKey: OTHER });
      answerWith('aiProviderConnect', { service: { apiKey: KEY, others: [OTHER] } });
      const { json } = await connect();

      expect(json).toEqual([{ apiKey: '••••••', others: ['••••••'] }]);
    });

    it('not in that of another operation', async () => {
      hold({ runwareApiKey: OTHER });
      const services = [{ provider: 'RUNWARE', apiKey: OTHER }];
      answerWith('aiProviderGetMany', { services });
      const { json } = await run('getMany');

      expect(json).toEqual([{ provider: 'RUNWARE', apiKey: '••••••' }]);
    });

    it('not in an error that quotes the provider', async () => {
      const body = { error: 'provider_error', message: `Incorrect API key provided: ${KEY}` };
      sandbox.faults.add({
        match: { operationId: 'aiProviderTestKey' },
        fault: { kind: 'status', status: 400, body },
      });
      const { error } = await run('testKey', { provider: 'OPENAI' });

      expect(error?.message).toContain('Incorrect API key provided: ••••••');
      expect(JSON.stringify(error)).not.toContain(KEY);
    });

    it('but a word in the field of a key blanks nothing out elsewhere', async () => {
      hold({ openAiApiKey: 'OPENAI' });
      const services = [{ provider: 'OPENAI' }];
      answerWith('aiProviderGetMany', { services });

      expect((await run('getMany')).json).toEqual(services);
    });
  });
});
