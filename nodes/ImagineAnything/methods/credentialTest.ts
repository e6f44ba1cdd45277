import type {
  ICredentialsDecrypted,
  ICredentialTestFunctions,
  INodeCredentialTestResult,
} from 'n8n-workflow';

/**
 * Looks at the form of an AI provider's key. Only the provider itself could say whether it accepts the
 * key, and asking it would send the key to one more place; the operation AI Provider: Test Key does it.
 */
export async function aiProviderKeyTest(
  this: ICredentialTestFunctions,
  { data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
  const key = typeof data?.apiKey === 'string' ? data.apiKey : '';
  if (key.trim() === '') return { status: 'Error', message: 'The API key is empty.' };
  if (/\s/.test(key)) {
    return { status: 'Error', message: 'The API key has spaces or line breaks in it.' };
  }
  return {
    status: 'OK',
    message:
      'The key looks complete. Run AI Provider: Connect, then Test Key, to try it at the provider.',
  };
}
