/** Text that goes into a literal as it is. */
export class Code {
  constructor(readonly text: string) {}
}

/**
 * Writes a value as a TypeScript literal in the form that n8n's linter reads: members have names without
 * quotes, functions are there but empty.
 *
 * @throws TypeError naming the place of a value that has no literal
 */
export function literal(value: unknown, place: string, indent = ''): string {
  const deeper = `${indent}  `;
  const lines = (open: string, entries: string[], close: string): string =>
    entries.length === 0
      ? open + close
      : `${open}\n${entries.map((entry) => `${deeper}${entry},\n`).join('')}${indent}${close}`;
  if (value instanceof Code) return value.text;
  if (typeof value === 'function') return 'async () => undefined';
  if (Array.isArray(value)) {
    const entries = value.map((entry, index) => literal(entry, `${place}[${index}]`, deeper));
    return lines('[', entries, ']');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([name, member]) => `${memberName(name)}: ${literal(member, `${place}.${name}`, deeper)}`,
    );
    return lines('{', entries, '}');
  }
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`${place} is ${String(value)}, which has no literal`);
  return text;
}

function memberName(name: string): string {
  // As a plain name it would be the prototype.
  if (name === '__proto__') return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
