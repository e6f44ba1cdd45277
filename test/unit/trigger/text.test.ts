import fc from 'fast-check';
import {
  isSecret,
  isHttpUrl,
  messageOf,
  toPrintableText,
  toText,
} from '../../../nodes/ImagineAnything/trigger/text';
import { anyText, RUNS } from '../properties';

test.each([
  [' a ', 'a'],
  ['x'.repeat(200), 'x'.repeat(200)],
  ['x'.repeat(201), undefined],
  [` ${'x'.repeat(200)}`, undefined],
  [' ', undefined],
  [5, '5'],
  [2 ** 53, undefined],
  [1.5, undefined],
  [null, undefined],
  [{ toString: 1 }, undefined],
  [['a'], undefined],
])('A name or an ID is read from %j', (value, text) => {
  expect(toText(value)).toBe(text);
});

test('Stored text is printable and within its maximum length', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const plain = toPrintableText(text);
      if (plain !== undefined) expect(plain).toMatch(/^\P{C}{1,200}$/u);
      if (isSecret(text)) expect(text).toMatch(/^\P{C}{1,4096}$/u);
      if (isHttpUrl(text)) expect(text).toMatch(/^https?:\/\/\P{C}{1,2048}$/iu);
    }),
    RUNS,
  );
});

test.each([
  'https://n8n.example/webhook/1',
  'HTTP://127.0.0.1:5678/x',
  'https://[::1]/x?y=1#z',
  'https://müller.example/ü',
])('%s is a URL', (address) => expect(isHttpUrl(address)).toBe(true));

test.each([
  '',
  'https://',
  '//n8n.example',
  'n8n.example',
  'ftp://n8n.example',
  ' https://n8n.example',
  'https://n8n.example/a b',
  'https://n8n.example/\n',
  '=https://n8n.example',
  `https://n8n.example/${'x'.repeat(2048)}`,
  new URL('https://n8n.example'),
  undefined,
])('%p is not a URL', (address) => expect(isHttpUrl(address)).toBe(false));

test.each([
  [new Error('gone'), 'gone'],
  [{ message: 'gone' }, 'gone'],
  [new Error('x'.repeat(100_000)), `${'x'.repeat(500)}…`],
  [undefined, 'an unknown error without a message'],
  ['text', 'an unknown error without a message'],
  [{ message: { toString: 1 } }, 'an unknown error without a message'],
])('The message of %p has a maximum length', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
