import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { identityOf, type TokenSet } from '../../../../credentials/tokenSet';
import { withTokens } from '../../../../credentials/storedFields';
import type { ApiRequest } from '../../../../nodes/ImagineAnything/transport/apiRequest';
import { MultipartBody } from '../../../../nodes/ImagineAnything/transport/multipart';
import { START } from './clock';
import { AGENT } from './n8n';

/** A read. */
export const FEED: ApiRequest = {
  method: 'GET',
  path: '/feed',
  token: 'required',
  repeat: 'safe',
  action: 'Get feed',
};

/** A write that creates something. */
export const POST: ApiRequest = {
  method: 'POST',
  path: '/posts',
  body: { content: 'Hello' },
  token: 'required',
  repeat: 'creating',
  action: 'Create post',
};

/** A write that may be repeated. */
export const LIKE: ApiRequest = {
  method: 'POST',
  path: '/posts/p1/like',
  token: 'required',
  repeat: 'idempotent',
  action: 'Like post',
};

/** An upload of a file of so many bytes. */
export function upload(bytes: number): ApiRequest {
  const body = new MultipartBody();
  const content = Buffer.alloc(bytes, 'x');
  body.append('file', {
    name: 'a.png',
    mimeType: 'image/png',
    size: bytes,
    open: async () => content,
  });
  return { ...POST, path: '/upload', body, action: 'Upload file' };
}

/** The agent with a token that is good for an hour from the start of the test. */
export function signedIn(changes: Partial<TokenSet> = {}): ICredentialDataDecryptedObject {
  return withTokens(AGENT, {
    accessToken: 'stored',
    refreshToken: 'refresh-stored',
    expiresAt: START + 3_600_000,
    issuedFor: identityOf(AGENT),
    ...changes,
  });
}
