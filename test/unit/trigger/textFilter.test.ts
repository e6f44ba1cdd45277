import {
  readPattern,
  readWords,
  textOf,
} from '../../../nodes/ImagineAnything/trigger/events/textFilter';
import { sampleOf } from '../../../nodes/ImagineAnything/trigger/events/samples';

describe('words', () => {
  it.each([
    ['n8n', 'I love n8n!', true],
    ['N8N, zapier', 'n8n', true],
    ['n8n', 'n8nodes', false],
    ['no-code', 'NO-CODE rocks', true],
    ['good morning', 'Good Morning, all', true],
    ['#ai', 'hello#ai', true],
    ['#ai', '#aimless', false],
    ['ai', '#ai', true],
    ['ai', 'said ai', true],
    ['größe', 'Größen', false],
    ['c++', 'C++ and C', true],
    [' , ,x', 'x', true],
  ])('%s are found in %s: %s', (words, text, expected) => {
    expect(readWords('Contains', words)?.(text)).toBe(expected);
  });

  it('are none where nothing is between the commas', () => {
    expect(readWords('Contains', ' , ')).toBeUndefined();
    expect(readPattern('Matches Pattern', '')).toBeUndefined();
  });

  it('are looked for in the first 5,000 characters', () => {
    const words = readWords('Contains', Array.from({ length: 100 }, () => 'a'.repeat(50)).join());
    expect(words?.('a'.repeat(1_000_000))).toBe(false);
    expect(readWords('Contains', 'b')?.(`${' '.repeat(5_000)}b`)).toBe(false);
  });

  it('are refused when there are too many, or none of text', () => {
    expect(() => readWords('Contains', 'a,'.repeat(101))).toThrow('Contains: has more than 100');
    expect(() => readWords('Contains', null)).toThrow('Contains: must be text, but is null.');
    expect(() => readPattern('Matches Pattern', 5)).toThrow('must be text');
  });
});

describe('the text of an event', () => {
  it('is that of what it is about', () => {
    expect(textOf(sampleOf('mention'))).toContain('@ada_bot');
    expect(textOf(sampleOf('comment'))).toBe(sampleOf('comment').comment?.content);
    expect(textOf(sampleOf('message'))).toBe(sampleOf('message').message?.content);
    expect(textOf(sampleOf('follow'))).toBeUndefined();
  });
});
