import {
  formatNumber,
  formatValue,
  shorten,
} from '../../../nodes/ImagineAnything/transport/formatValue';

test.each<[unknown, string]>([
  ['a "quoted" text', '"a \\"quoted\\" text"'],
  [12, '12'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [[1], 'a list'],
  [{ a: 1 }, 'an object'],
  [() => 1, 'a function'],
])('formats %p', (value, text) => {
  expect(formatValue(value)).toBe(text);
});

test('cuts a text that is too long, never within a character', () => {
  const whole = 'x'.repeat(100);
  expect(shorten(whole)).toBe(whole);
  expect(shorten(`${whole}x`)).toBe(`${'x'.repeat(99)}…`);
  expect(shorten(`${'x'.repeat(98)}😀${whole}`)).toBe(`${'x'.repeat(98)}…`);
  expect(shorten(`😀${whole}`)).toBe(`😀${'x'.repeat(97)}…`);
  expect(shorten('abcdef', 3)).toBe('ab…');
});

test('formats a number as a person reads it', () => {
  expect(formatNumber(100_000)).toBe('100,000');
});
