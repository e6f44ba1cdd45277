/**
 * Storing hidden fields with a credential: the tokens, and what the trigger knows about the webhook.
 *
 * n8n gives a node no way to save a field of its credential. But where the field that is marked `expirable` is empty,
 * it calls `preAuthentication` before it sends a request, and saves what that returns (n8n 2.41.1,
 * `CredentialsHelper.preAuthentication`). So a node that wants fields saved sends a request with a copy of the
 * credential whose token is empty and which carries those fields; `preAuthentication` finds and returns them.
 */
import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { lastRequestOf, wasTokenRefused } from './authentication';
import { isRecord } from './http/record';
import { obtainTokens } from './tokenCache';
import type { HttpRequest } from './tokenExchange';
import { type TokenSet, toTokenFields } from './tokenSet';

/** Where a prepared credential carries the fields from the node to `preAuthentication`. */
const TO_STORE = 'toStore';

/**
 * Prepares a credential for a request on which n8n saves its tokens and other hidden fields.
 *
 * @param credentials the decrypted credential
 * @param tokens the tokens of the request
 * @param fields further hidden fields to save
 */
export function withFieldsToStore(
  credentials: ICredentialDataDecryptedObject,
  tokens: TokenSet,
  fields: IDataObject = {},
): ICredentialDataDecryptedObject {
  const toStore = { ...toTokenFields(tokens), ...fields };
  return { ...credentials, ...toStore, sessionToken: '', [TO_STORE]: toStore };
}

/** Prepares a credential for a request on which n8n saves nothing. */
export function withTokens(
  credentials: ICredentialDataDecryptedObject,
  tokens: TokenSet,
): ICredentialDataDecryptedObject {
  return { ...credentials, ...toTokenFields(tokens) };
}

/**
 * The hidden fields that `preAuthentication` returns for n8n to save: those that a prepared credential carries, else
 * those of a new token.
 *
 * n8n also calls `preAuthentication` after every failure of its HTTP Request node, whatever the reason, and sends the
 * request again when it gets a token: a 500 would be two posts, a 404 a sign-in (n8n 1.85 to 2.41,
 * `requestWithAuthentication`). So there is a new token only where the old one was refused.
 *
 * @param httpRequest n8n's request helper
 * @param credentials the decrypted credential
 * @returns nothing when no new token is needed
 * @throws SignInError when the service returns no token
 * @throws UserError when the service redirected the request
 */
export async function fieldsToStore(
  httpRequest: HttpRequest,
  credentials: ICredentialDataDecryptedObject,
): Promise<IDataObject> {
  const toStore = credentials[TO_STORE];
  if (isRecord(toStore) && credentials.sessionToken === '') return toStore as IDataObject;
  const last = lastRequestOf(credentials);
  if (last === 'withheld') return {};
  if (typeof last === 'object' && !(await wasTokenRefused(httpRequest, last))) return {};
  const refused = String(credentials.sessionToken ?? '');
  const { tokens } = await obtainTokens(httpRequest, credentials, refused);
  return toTokenFields(tokens);
}
