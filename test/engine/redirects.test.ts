import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';
import { byId, PNG, postOfOther, type Fixture } from '../operations/fixture';
import { binary } from './support/n8n';
import { useN8n } from './support/useN8n';

/** What is sent, and what the user reads when the answer points elsewhere. */
interface Sent {
  what: string;
  operationId: string;
  arrange(fixture: Fixture): Promise<INodeParameters> | INodeParameters;
  says(status: number): string;
  advice: string;
}

const TOKEN_STAYS =
  'The service redirected the request. Redirects are not followed, to protect the token. Check the base URL of the credential "agent".';

const pointedFor =
  (action: string) =>
  (status: number): string =>
    `${action}: the service redirected the request (HTTP ${status})`;

const readPost = async (fixture: Fixture): Promise<INodeParameters> => ({
  resource: 'post',
  operation: 'get',
  post: byId((await postOfOther(fixture)).id),
});

const SENT: Sent[] = [
  {
    what: 'a read',
    operationId: 'postGet',
    arrange: readPost,
    says: pointedFor('Get post'),
    advice: TOKEN_STAYS,
  },
  {
    what: 'a write',
    operationId: 'postCreate',
    arrange: () => ({ resource: 'post', operation: 'create', content: 'Hello' }),
    says: pointedFor('Create post'),
    advice: TOKEN_STAYS,
  },
  {
    what: 'an upload',
    operationId: 'mediaUploadImage',
    arrange: () => ({ resource: 'media', operation: 'uploadImage', binaryPropertyName: 'data' }),
    says: pointedFor('Upload image'),
    advice: TOKEN_STAYS,
  },
  {
    what: 'the exchange of the client secret for a token',
    operationId: 'authToken',
    arrange: readPost,
    says: (status) => `Get post: ImagineAnything redirected the sign-in (HTTP ${status})`,
    advice:
      'Redirects are not followed, to protect the client secret. Check the base URL of the credential.',
  },
];

describe('an answer that points to another host', () => {
  const { sandbox, fixture, run } = useN8n();
  let elsewhere: Server;
  let reached: string[];

  beforeAll(async () => {
    // It would take whatever it is sent for a success.
    elsewhere = createServer((request, response) => {
      reached.push(`${request.method} ${request.url}`);
      request.resume();
      const body = { id: 'x', access_token: 'iat_x', token_type: 'Bearer', expires_in: 3600 };
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
    });
    await new Promise<void>((listening) => elsewhere.listen(0, '127.0.0.1', listening));
  });

  beforeEach(() => {
    reached = [];
  });

  afterAll(() => {
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  describe.each(['127.0.0.1', 'localhost'])('under %s', (hostname) => {
    describe.each([301, 302, 303, 307, 308] as const)('by %i', (status) => {
      it.each(SENT)('is not followed for $what', async ({ operationId, arrange, says, advice }) => {
        const { port } = elsewhere.address() as AddressInfo;
        const parameters = await arrange(fixture);
        sandbox.faults.add({
          match: { operationId },
          times: Infinity,
          fault: { kind: 'redirect', status, location: `http://${hostname}:${port}/api/there` },
        });
        const { error, items } = await run(parameters, {
          input: [{ json: {}, binary: { data: binary(PNG.content, PNG.fileName, PNG.mimeType) } }],
        });

        expect(reached).toEqual([]);
        expect(items).toEqual([]);
        expect(error).toMatchObject({ message: says(status), description: advice });
        expect(sandbox.requests.of(operationId)).toHaveLength(1);
      });
    });
  });
});
