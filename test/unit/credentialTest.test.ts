import type { ICredentialsDecrypted, ICredentialTestFunctions } from 'n8n-workflow';
import { aiProviderKeyTest } from '../../nodes/ImagineAnything/methods/credentialTest';

const check = async (data?: Record<string, string>) =>
  await aiProviderKeyTest.call({} as ICredentialTestFunctions, { data } as ICredentialsDecrypted);

test.each([
  [{ apiKey: '' }, 'The API key is empty.'],
  [{ apiKey: ' \n' }, 'The API key is empty.'],
  [{}, 'The API key is empty.'],
  [undefined, 'The API key is empty.'],
  [{ apiKey: 'sk-1234 5678' }, 'The API key has spaces or line breaks in it.'],
  [{ apiKey: 'sk-1234\n' }, 'The API key has spaces or line breaks in it.'],
])('the key in %j is refused', async (data, message) => {
  expect(await check(data as Record<string, string>)).toEqual({ status: 'Error', message });
});

test('a key that looks complete is not called accepted', async () => {
  const { status, message } = await check({ apiKey: 'sk-1234' });
  expect(status).toBe('OK');
  expect(message).toContain('Test Key');
});
