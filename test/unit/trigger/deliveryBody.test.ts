import fc from 'fast-check';
import type { IWebhookFunctions } from 'n8n-workflow';
import {
  parseBody,
  readRawBody,
} from '../../../nodes/ImagineAnything/trigger/delivery/deliveryBody';
import { RUNS } from '../properties';

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

const bytesOf = (rawBody: unknown, headers: object = JSON_TYPE): Buffer =>
  readRawBody({
    getHeaderData: () => headers,
    getRequestObject: () => ({ rawBody }),
  } as unknown as IWebhookFunctions);

const parse = (text: string): unknown => parseBody(Buffer.from(text));
const rejection = (status: number, code: string): Error =>
  expect.objectContaining({ status, code }) as Error;

describe('The raw body', () => {
  test('A body of up to 1 MiB is returned unchanged', () => {
    const body = Buffer.alloc(MIB);
    expect(bytesOf(body)).toBe(body);
    expect(bytesOf(Buffer.alloc(0))).toHaveLength(0);
    expect(() => bytesOf(Buffer.alloc(MIB + 1))).toThrow(rejection(413, 'payload_too_large'));
  });

  test('The size of a body is measured, whatever its headers say', () => {
    const lying = { ...JSON_TYPE, 'content-length': '1' };
    expect(() => bytesOf(Buffer.alloc(MIB + 1), lying)).toThrow(
      rejection(413, 'payload_too_large'),
    );
  });

  test.each([undefined, null, '{}', {}, new Uint8Array(2)])(
    'A raw body that is %p is an error, not an empty body',
    (rawBody) => {
      expect(() => bytesOf(rawBody)).toThrow('n8n did not provide the raw body to verify');
    },
  );

  test.each([undefined, '', 'text/plain', 'application/jsonp', 'application/x+json+', 'x/json'])(
    'A body with the content type %p is rejected',
    (type) => {
      expect(() => bytesOf(Buffer.from('{}'), { 'content-type': type })).toThrow(
        rejection(415, 'unsupported_media_type'),
      );
    },
  );
});

describe('The parsed body', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  test('A body may nest a hundred levels deep', () => {
    expect(parse(nested(100))).toEqual(expect.any(Array));
    const objects = '{"a":['.repeat(50) + ']}'.repeat(50);
    expect(parse(objects)).toEqual(expect.any(Object));
    for (const text of [nested(101), nested(100_000), `{"a":${objects}}`]) {
      expect(() => parse(text)).toThrow(rejection(400, 'too_deeply_nested'));
    }
  });

  test('A body may have fifty thousand values', () => {
    expect(parse(`[${'0,'.repeat(49_998)}0]`)).toHaveLength(49_999);
    for (const text of [
      `[${'0,'.repeat(49_999)}0]`,
      `{"a":[${'{},'.repeat(25_000)}{}]}`,
      `[${'{},'.repeat(349_000)}{}]`,
    ]) {
      expect(() => parse(text)).toThrow(rejection(413, 'too_many_values'));
    }
  });

  test('Brackets and commas inside strings do not count', () => {
    const brackets = '[{,'.repeat(200_000);
    expect(parse(JSON.stringify({ text: brackets }))).toEqual({ text: brackets });
    for (const text of ['"', '\\', '\\"', '"[', '\\\\"[', '\\\\']) {
      const body = { [text]: [text, brackets] };
      expect(parse(JSON.stringify(body))).toEqual(body);
    }
  });

  test.each(['', '{', '5', 'null', '"text"', 'true', '[[]', ']', '"'])(
    'The body %p is rejected',
    (text) => {
      expect(() => parse(text)).toThrow(rejection(400, 'invalid_json'));
    },
  );

  test('A body may begin with a byte order mark', () => {
    expect(parse('\uFEFF{"a":1}')).toEqual({ a: 1 });
  });

  test('Any small JSON object or array is parsed unchanged', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        (body) => {
          const text = JSON.stringify(body);
          expect(parse(text)).toEqual(JSON.parse(text));
        },
      ),
      RUNS,
    );
  });

  test('The depth of any body is measured correctly', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
        : 0;
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        fc.integer({ min: 90, max: 100 }),
        (inner, around) => {
          const text = '['.repeat(around) + JSON.stringify(inner) + ']'.repeat(around);
          const isTooDeep = around + depthOf(inner) > 100;
          const read = () => parse(text);
          if (isTooDeep) expect(read).toThrow(rejection(400, 'too_deeply_nested'));
          else expect(read()).toEqual(JSON.parse(text));
        },
      ),
      RUNS,
    );
  });
});
