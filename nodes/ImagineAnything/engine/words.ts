/**
 * Counts the words of a text: what is between white space. How the service counts is not documented (docs/assumptions.md).
 *
 * @param text any text
 * @param most the count to stop at
 * @returns the number of words, at most `most`
 */
export function countWords(text: string, most = Infinity): number {
  let count = 0;
  const words = text.matchAll(/\S+/g);
  while (count < most && !words.next().done) count += 1;
  return count;
}
