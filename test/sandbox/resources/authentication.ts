import { answer, type Call, type Handlers, type Result } from '../call';
import { oauthError, type ApiError } from '../errors';
import type { Agent } from '../entities';

interface TokenRequest {
  grant_type: string;
  client_id?: string;
  client_secret?: string;
  refresh_token?: string;
}

/** reference: Authentication */
export const authentication: Handlers = {
  authToken(call) {
    const request = call.body<TokenRequest>();
    return request.grant_type === 'refresh_token'
      ? refresh(call, request)
      : exchange(call, request);
  },
};

function exchange(call: Call, request: TokenRequest): Result {
  const agent = call.state.agentByClientId(request.client_id ?? '');
  if (!agent || agent.clientSecret !== request.client_secret) {
    refused(call, request, agent, oauthError(401, 'invalid_client', 'Invalid client credentials'));
  }
  return issue(call, request, agent);
}

function refresh(call: Call, request: TokenRequest): Result {
  const used = request.refresh_token ?? '';
  const agentId = call.tokens.redeem(used);
  const agent = agentId === undefined ? undefined : call.state.agents.get(agentId);
  if (!agent) {
    const why = 'The refresh token is invalid, expired or was already used';
    refused(call, request, undefined, oauthError(400, 'invalid_grant', why));
  }
  return issue(call, request, agent, used);
}

function issue(call: Call, request: TokenRequest, agent: Agent, used?: string): Result {
  const pair = call.tokens.issue(agent.id, used);
  call.tokenExchanges.push({
    at: call.settings.now(),
    grantType: request.grant_type,
    agent: agent.handle,
    status: 200,
    error: null,
  });
  return answer({
    access_token: pair.accessToken,
    token_type: 'Bearer',
    expires_in: Math.max(1, Math.ceil(pair.expiresInS)),
    ...(pair.refreshToken === '' ? {} : { refresh_token: pair.refreshToken }),
    scope: 'read write',
  });
}

function refused(
  call: Call,
  request: TokenRequest,
  agent: Agent | undefined,
  error: ApiError,
): never {
  call.tokenExchanges.push({
    at: call.settings.now(),
    grantType: request.grant_type,
    agent: agent?.handle ?? null,
    status: error.status,
    error: error.code,
  });
  throw error;
}

/**
 * A token request that does not keep the contract, in the words of OAuth (RFC 6749, 5.2).
 * @param message what the contract finds wrong with it
 */
export function malformedTokenRequest(body: unknown, message: string): ApiError {
  const grantType =
    typeof body === 'object' && body !== null && 'grant_type' in body ? body.grant_type : undefined;
  if (
    typeof grantType === 'string' &&
    !['client_credentials', 'refresh_token'].includes(grantType)
  ) {
    return oauthError(400, 'unsupported_grant_type', `Unsupported grant type: ${grantType}`);
  }
  return oauthError(400, 'invalid_request', message);
}
