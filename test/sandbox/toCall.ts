import type { FastifyRequest } from 'fastify';
import { pagedQuery } from './acceptOptions';
import type { Call, SandboxContext } from './call';
import { unauthorized } from './errors';
import { receiveUpload } from './uploads';
import type { Operation } from './validate';

/** A request as the handler of its operation gets it. */
export function toCall(
  sandbox: SandboxContext,
  operation: Operation,
  request: FastifyRequest,
): Call {
  const viewer = request.sandbox?.viewer;
  const { settings, state, tokens, tokenExchanges, pages, views, events, url } = sandbox;
  const { deliveries, payments } = sandbox;
  return {
    ...{ settings, state, tokens, tokenExchanges, pages, views, events, url },
    ...{ deliveries, payments },
    later: (ms, task) => sandbox.later(ms, task),
    params: request.params as Record<string, string>,
    query: <T extends object>() =>
      pagedQuery(settings.accepts, operation.id, request.query as object) as T,
    body: <T extends object>() => (request.body ?? {}) as T,
    viewer,
    get me() {
      if (!viewer) throw unauthorized('This call needs an access token');
      return viewer;
    },
    upload: async () => {
      if (!operation.file) throw new Error(`${operation.id} takes no file`);
      const file = await receiveUpload(request, operation, operation.file, settings.accepts);
      const record = request.sandbox?.record;
      if (record && record.bodySize === 0) record.bodySize = file.size;
      return file;
    },
    envelope: (key, object) => (settings.envelope === 'keyed' ? { [key]: object } : object),
  };
}
