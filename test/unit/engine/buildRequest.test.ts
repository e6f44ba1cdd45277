import fc from 'fast-check';
import { validateValue, ParameterError } from '../../../nodes/ImagineAnything/engine/validate';
import { buildRequest } from '../../../nodes/ImagineAnything/engine/buildRequest';
import type { Operation } from '../../../nodes/ImagineAnything/engine/operation';
import type { Parameter } from '../../../nodes/ImagineAnything/engine/parameter';
import { anyText, RUNS } from '../properties';

const POST: Parameter = {
  name: 'post',
  displayName: 'Post',
  kind: 'id',
  in: 'path',
  as: 'postId',
  page: 'post',
  placement: 'required',
};
const AGENT: Parameter = { ...POST, name: 'agent', as: 'handle', kind: 'handle' } as Parameter;
const QUERY: Parameter = { name: 'q', displayName: 'Query', kind: 'text', in: 'query' };

const like: Operation = {
  name: 'Like',
  action: 'Like post',
  description: 'Like post',
  endpoint: 'POST /posts/{postId}/like',
  repeat: 'idempotent',
  parameters: [POST],
};

/** The value as it would go out, or undefined when it is refused. */
function accepted(parameter: Parameter, text: string): unknown {
  try {
    return validateValue(parameter, text);
  } catch (error) {
    if (error instanceof ParameterError) return undefined;
    throw error;
  }
}

describe('no value leaves its place in the request', () => {
  it.each([
    ['ID', POST],
    ['handle', AGENT],
  ])('the path stays the path, whatever the %s', (_, parameter) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = accepted(parameter, text);
        if (value === undefined) return;
        const { path } = buildRequest(
          { ...like, endpoint: `POST /posts/{${parameter.as}}/like`, parameters: [parameter] },
          new Map([[parameter.name, value as string]]),
        );
        const { pathname, search, hash } = new URL(`https://service.example/api${path}`);
        const [, api, posts, id, action, ...more] = pathname.split('/');
        expect([api, posts, action, more]).toEqual(['api', 'posts', 'like', []]);
        expect(decodeURIComponent(id)).toBe(value);
        expect(search + hash).toBe('');
        // Node's HTTP client sends the path as it is.
        expect(path).toMatch(/^[\x21-\x7e]+$/);
      }),
      RUNS,
    );
  });

  it('the query stays the query, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = accepted(QUERY, text);
        if (value === undefined) return;
        const { query } = buildRequest(
          {
            name: 'Search',
            action: 'Search',
            description: 'Search',
            endpoint: 'GET /search',
            parameters: [QUERY],
          },
          new Map([['q', value as string]]),
        );
        const written = new URLSearchParams(query).toString();
        expect(written).toMatch(/^[\x21-\x7e]*$/);
        const read = new URL(`https://service.example/api/search?${written}`);
        expect([...read.searchParams.keys()]).toEqual(['q']);
        expect(read.searchParams.get('q')).toBe(text.toWellFormed());
        expect(read.pathname).toBe('/api/search');
      }),
      RUNS,
    );
  });

  it('refuses an empty ID that got past the check', () => {
    expect(() => buildRequest(like, new Map([['post', '']]))).toThrow('Post: is required.');
    expect(() => buildRequest(like, new Map())).toThrow('Post: is required.');
  });
});

describe('the body', () => {
  const update: Operation = {
    name: 'Update',
    action: 'Update',
    description: 'Update',
    endpoint: 'PATCH /things',
    repeat: 'idempotent',
    fixed: { kind: 'thing' },
    parameters: [
      { name: 'voice', displayName: 'Voice', kind: 'text', in: 'body', as: 'params.voice_id' },
      { name: 'more', displayName: 'More', kind: 'json', in: 'body', as: 'params' },
      { name: 'left', displayName: 'Left', kind: 'text', in: 'body' },
    ],
  };

  it('reaches into objects with dotted names, and leaves out what is not given', () => {
    const { body } = buildRequest(
      update,
      new Map<string, object | string>([
        ['voice', 'v1'],
        ['more', { speed: 2 }],
      ]),
    );
    expect(body).toEqual({ kind: 'thing', params: { voice_id: 'v1', speed: 2 } });
  });
});
