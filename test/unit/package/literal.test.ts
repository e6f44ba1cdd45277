import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { Code, literal } from '../../package/literal';
import { RUNS } from '../properties';

const asJson = (code: string): unknown => runInNewContext(`JSON.stringify(${code})`);

it('is the value, when it is read as code', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(asJson(literal(value, 'value'))).toBe(JSON.stringify(value));
    }),
    RUNS,
  );
  const odd: unknown = JSON.parse('{"__proto__": {"a": 1}}');
  expect(asJson(literal(odd, 'value'))).toBe('{"__proto__":{"a":1}}');
});

it('has names without quotes, where the language allows it', () => {
  expect(literal({ displayName: 'Limit', 'x-y': [1, {}], none: [] }, 'node')).toBe(
    '{\n  displayName: "Limit",\n  "x-y": [\n    1,\n    {},\n  ],\n  none: [],\n}',
  );
});

it('has functions without what they do, and code as it is', () => {
  const value = { create: async () => true, inputs: [new Code('NodeConnectionTypes.Main')] };
  expect(literal(value, 'node')).toBe(
    '{\n  create: async () => undefined,\n  inputs: [\n    NodeConnectionTypes.Main,\n  ],\n}',
  );
});

it('refuses what it cannot write, and says where it is', () => {
  expect(() => literal({ properties: [{ name: undefined }] }, 'node')).toThrow(
    'node.properties[0].name is undefined, which has no literal',
  );
});
