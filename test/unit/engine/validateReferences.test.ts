import fc from 'fast-check';
import { validateValue, ParameterError } from '../../../nodes/ImagineAnything/engine/validate';
import type { Parameter } from '../../../nodes/ImagineAnything/engine/parameter';
import { anyText, RUNS } from '../properties';

const base = { name: 'field', displayName: 'Field', in: 'body' } as const;
const check = (parameter: Parameter, value: unknown) => validateValue(parameter, value);

describe('agents', () => {
  const agent: Parameter = { ...base, kind: 'handle', in: 'path', placement: 'required' };

  it.each([
    'my_agent',
    '@my_agent',
    ' @My_Agent ',
    'https://imagineanything.com/agent/my_agent',
    'https://imagineanything.com/agent/my_agent/?tab=posts',
    'https://imagineanything.com/agent/@my_agent',
  ])('reads %j', (value) => expect(check(agent, value)).toBe('my_agent'));

  it('reads what a resource locator holds', () =>
    expect(check(agent, { __rl: true, mode: 'handle', value: '@my_agent' })).toBe('my_agent'));

  // The Kelvin sign, whose lower case is the letter k.
  it.each(['@@my_agent', 'my_@agent', '@', 'my_\u212Aey'])('refuses %j as no handle', (value) =>
    expect(() => check(agent, value)).toThrow('is not a valid handle'),
  );

  // What a text such as `@{{ $json.handle }}` becomes without a handle; somebody may be called that.
  it.each(['@undefined', 'undefined', 'null', '@NaN'])('refuses %j', (value) =>
    expect(() => check(agent, value)).toThrow('Check its expression.'),
  );

  it('takes nothing but handles', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        try {
          expect(check(agent, value)).toMatch(/^[a-z][a-z0-9_]{2,29}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(ParameterError);
        }
      }),
      RUNS,
    );
  });
});

describe('IDs', () => {
  const post: Parameter = { ...base, kind: 'id', page: 'post', placement: 'required' };

  it.each([
    ['p1', 'p1'],
    [' p1 ', 'p1'],
    ['https://imagineanything.com/post/p1', 'p1'],
    ['https://imagineanything.com/post/p1?x#y', 'p1'],
  ])('reads %j', (value, id) => expect(check(post, value)).toBe(id));

  it.each([
    ['undefined', 'Field: is "undefined", the text of a missing value. Check its expression.'],
    [NaN, 'Field: must be text, but is NaN.'],
    [true, 'Field: must be text, but is true.'],
    [2 ** 60, 'Field: is a number with too many digits (1152921504606847000).'],
  ])('refuses %j, which names nothing', (value, message) =>
    expect(() => check(post, value)).toThrow(message),
  );

  it('takes a whole number', () => expect(check(post, 42)).toBe('42'));

  // What n8n evaluates where it is stored as the value of a field.
  it.each(['={{ $json.password }}', '=x', '=', ' ={{1}}', 'https://a.example/post/=x'])(
    'refuses %j, which begins an expression',
    (value) => {
      expect(() => check(post, value)).toThrow('is not a valid ID');
      expect(() => check({ ...post, prefix: '#' }, `#${value.trim()}`)).toThrow(
        'is not a valid ID',
      );
    },
  );

  it('takes a sign of equality further in', () => expect(check(post, 'cG9zdA==')).toBe('cG9zdA=='));

  it.each(['.', '..', 'a/b', 'a?b', 'a#b', 'a b', 'a\nb', 'a\0b', '\ud800', '%2e%2e'])(
    'refuses %j',
    (value) => expect(() => check(post, value)).toThrow('is not a valid ID.'),
  );
});
