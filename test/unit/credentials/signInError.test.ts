import { NodeApiError } from 'n8n-workflow';
import { SignInError } from '../../../credentials/signInError';

// n8n wraps what a credential throws, and shows nothing but the message of that (n8n 2.41.1).
test.each([0, 200, 302, 400, 401, 403, 404, 405, 407, 429, 500, 503])(
  'n8n shows the message of a sign-in that failed with %i as it is',
  (status) => {
    const node = {
      ...{ id: 'n', name: 'N', type: 'n', typeVersion: 1 },
      ...{ position: [0, 0] as [number, number], parameters: {} },
    };
    const error = new SignInError({ message: 'Our own words', description: 'Do this', status });
    expect(new NodeApiError(node, error as never)).toMatchObject({
      message: 'Our own words',
      description: 'Do this',
    });
  },
);

// n8n logs the message of an error and what is in `extra` (n8n 2.41.1, `ErrorReporter`).
test('the log of n8n has the status of a sign-in that failed, and nothing else of the response', () => {
  const retryAfter = { ms: 1000, isPlausible: true };
  const failure = { message: 'Our own words', description: 'Do this', status: 429, retryAfter };
  expect(new SignInError(failure).extra).toEqual({ status: 429 });
});
