/** Markup that cannot carry what somebody wrote as markup: whatever is put into {@link html} is escaped. */

/** Markup that may be sent as it is. Only {@link html} makes it. */
export class Html {
  constructor(readonly markup: string) {}
}

/** Nothing is shown of `null`, `undefined` and `false`, so that a part can depend on a condition. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/**
 * Fills text into markup. Attributes have to be quoted in the markup.
 *
 * The values are escaped unless they are markup themselves.
 */
export function html(markup: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(
    markup.reduce((before, after, index) => before + write(values[index - 1]) + after),
  );
}

function write(part: Part): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return part ? part.map(write).join('') : '';
}

/** Control characters, which mean nothing on a page and are not allowed in SVG. */
const unwritable = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu;

/** A bare carriage return would arrive as a line feed. */
const special = /[&<>"'`\r]/g;

function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(unwritable, '\ufffd')
    .replace(special, (character) => `&#${character.charCodeAt(0)};`);
}
