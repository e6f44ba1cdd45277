/**
 * Remembers the last result of a function, which the items of a run ask for again and again with the same arguments.
 *
 * @param compute a function whose result depends on its arguments only
 */
export function rememberLast<Args extends readonly unknown[], Result>(
  compute: (...args: Args) => Result,
): (...args: Args) => Result {
  let last: { args: Args; result: Result } | undefined;
  return (...args) => {
    if (last === undefined || !isEqual(last.args, args)) last = { args, result: compute(...args) };
    return last.result;
  };
}

function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
