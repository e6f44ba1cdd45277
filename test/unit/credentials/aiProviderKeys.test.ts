import {
  aiProviderKeyFields,
  aiProviderKeysOf,
  keyFieldName,
} from '../../../credentials/aiProviderKeys';

it('the keys of a credential are known as they are sent, without the line end of a paste', () => {
  const credential = { openAiApiKey: ' sk-1234567890\n', runwareApiKey: 'rw-1234567890' };

  expect(aiProviderKeysOf(credential)).toEqual(['sk-1234567890', 'rw-1234567890']);
});

it('a word in the field of a key is no key', () => {
  expect(aiProviderKeysOf({ openAiApiKey: 'none', runwareApiKey: ' later ' })).toEqual([]);
  expect(aiProviderKeysOf(undefined)).toEqual([]);
});

it('the editor shows a field for each provider, under the name that messages use', () => {
  const [, ...fields] = aiProviderKeyFields.map(({ displayName }) => displayName);
  expect(fields).toEqual([
    'ElevenLabs API Key',
    'Google Gemini API Key',
    'OpenAI API Key',
    'Runware API Key',
  ]);
  expect(fields).toContain(keyFieldName('OpenAI'));
});
