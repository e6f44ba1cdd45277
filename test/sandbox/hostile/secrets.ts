/** Answers that repeat what nobody may see, and tokens that are no tokens. */
import { objectOf, secretValues, type Behaviour, type Behaviours, type Subject } from './behaviour';
import type { WireHeaders } from './wire';

/** A refusal that is made of the secrets of its request. */
function refusal(
  what: string,
  make: (subject: Subject) => { body: object | string; headers?: WireHeaders; reason?: string },
  status = 400,
): Behaviour {
  return {
    what,
    when: 'received',
    async run(wire, subject) {
      const { body, headers, reason } = make(subject);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      await wire.answer(status, text, headers, reason);
    },
  };
}

const saying = (message: string) => ({
  error: 'bad_request',
  message,
  error_description: message,
});

/** The right answer with further members, in it and in every object within it that has an `id`. */
function enriched(what: string, make: (secrets: string[]) => object): Behaviour {
  return {
    what,
    when: 'handled',
    async run(wire, subject) {
      const more = make(secretValues(subject));
      const body = JSON.stringify({ ...objectOf(subject), ...more }, (_, value: unknown) =>
        typeof value === 'object' && value !== null && 'id' in value
          ? { ...value, ...more }
          : value,
      );
      await wire.answer(subject.status, body);
    },
  };
}

/** The right answer to a sign-in with other members. Any other request gets its answer. */
function token(what: string, members: object): Behaviour {
  return {
    what,
    when: 'handled',
    async run(wire, subject) {
      const answer = objectOf(subject);
      const isToken = 'access_token' in answer;
      await wire.answer(subject.status, JSON.stringify({ ...answer, ...(isToken && members) }));
    },
  };
}

const byName = (names: string[], value: (name: string) => unknown) =>
  Object.fromEntries(names.map((name) => [name, value(name)]));

export const secrets = {
  'error-repeats-secrets': refusal('a refusal whose message repeats every secret', (subject) => ({
    body: saying(`Not good: ${secretValues(subject).join(', ')}`),
  })),
  'server-error-repeats-secrets': refusal(
    'a server error whose message repeats every secret',
    (subject) => ({ body: saying(`Not good: ${secretValues(subject).join(', ')}`) }),
    500,
  ),
  'error-is-a-secret': refusal('a refusal whose code is a secret', (subject) => ({
    body: { error: secretValues(subject)[0] ?? 'bad_request', message: 'No.' },
  })),
  'error-repeats-secrets-at-length': refusal(
    'a refusal that repeats the secrets so often that any cut goes through one',
    (subject) => ({ body: saying(secretValues(subject).join('').repeat(2000)) }),
  ),
  'error-repeats-request': refusal('a refusal that repeats the whole request', (subject) => ({
    body: {
      ...saying('See request.'),
      request: { headers: subject.request.headers, secrets: subject.secrets },
    },
  })),
  'error-text-repeats-secrets': refusal(
    'a refusal in plain text that repeats every secret',
    (subject) => ({
      body: `Not good: ${secretValues(subject).join(', ')}`,
      headers: { 'Content-Type': 'text/plain' },
    }),
  ),
  'error-headers-repeat-secrets': refusal(
    'a refusal whose headers repeat every secret',
    (subject) => ({
      body: saying('See the headers.'),
      headers: {
        'X-Debug': secretValues(subject),
        'Set-Cookie': secretValues(subject).map((value) => `session=${value}`),
        'WWW-Authenticate': `Bearer error="${secretValues(subject).join(' ')}"`,
      },
    }),
  ),
  'server-error-headers-repeat-secrets': refusal(
    'a server error whose headers repeat every secret',
    (subject) => ({
      body: saying('See the headers.'),
      headers: { 'X-Debug': secretValues(subject), 'Retry-After': secretValues(subject) },
    }),
    503,
  ),
  'reason-repeats-secrets': refusal(
    'a refusal whose reason phrase repeats every secret',
    (subject) => ({ body: '', reason: secretValues(subject).join(' ') }),
  ),
  'redirect-repeats-secrets': refusal(
    'a redirect whose address repeats every secret',
    (subject) => ({
      body: '',
      headers: { Location: `http://localhost:9/?${secretValues(subject).join('&')}` },
    }),
    302,
  ),
  'unauthorized-repeats-secrets': refusal(
    '401 with a message that repeats every secret',
    (subject) => ({ body: saying(`Not good: ${secretValues(subject).join(', ')}`) }),
    401,
  ),
  'answer-repeats-secrets': enriched('the right answer, which repeats every secret', (values) => ({
    debug: {
      headers: { authorization: values.map((value) => `Bearer ${value}`) },
      deep: [[values]],
    },
  })),
  'answer-is-named-by-secrets': enriched(
    'the right answer with members whose names are secrets',
    (values) => ({
      debug: { ...byName(values, () => 1), deep: [byName(values, (name) => `x${name}`)] },
    }),
  ),
  'answer-joins-secrets': enriched(
    'the right answer with secrets within longer names and texts',
    (values) => ({
      debug: byName(
        values.map((value) => `x${value}x`),
        (name) => `${name}${name}`,
      ),
    }),
  ),
  'token-is-an-expression': token('an access token that is an expression of n8n', {
    access_token: '={{JSON.stringify($input.all())}}',
  }),
  'refresh-token-is-an-expression': token('a refresh token that is an expression of n8n', {
    refresh_token: '={{$json.password}}',
  }),
  'token-breaks-the-header': token('an access token with a line end', {
    access_token: 'iat_1\r\nX-Forged: 1',
  }),
  'token-is-an-object': token('an access token that is an object', {
    access_token: { toString: 1 },
    refresh_token: { toString: 1 },
  }),
  'token-is-unknown': token('an access token that the service does not know', {
    access_token: 'iat_unknown',
  }),
  'token-lives-for-ever': token('a token that is said to live for ever', { expires_in: 1e300 }),
  'token-is-over': token('a token whose time is said to be over', { expires_in: -5 }),
  'token-lives-oddly': token('a token whose life is no number', { expires_in: 'soon' }),
} satisfies Behaviours;
