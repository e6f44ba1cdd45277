import { shorten } from './formatValue';

/** Longer headers are not read: no name has so many characters. */
const MAX_HEADER_LENGTH = 4_096;

/** So many characters of a name are kept. */
const MAX_NAME_LENGTH = 100;

/**
 * Names a file that was downloaded, after the header or the URL. What it is called there may lead anywhere, so
 * no path, control character or foreign extension is kept.
 *
 * @param disposition the header Content-Disposition (RFC 6266); anything else is ignored
 * @param url where the file is
 * @param extension the one of its type, without a dot
 */
export function nameOfDownload(disposition: unknown, url: URL, extension: string): string {
  const stem = [nameInHeader(disposition), lastSegment(url)]
    .map((name) => stemOf(name ?? ''))
    .find((name) => name !== '');
  return `${stem ?? 'file'}.${extension}`;
}

/**
 * Formats a URL for a message. Query, user name and folders are omitted: file hosts have their tokens there.
 *
 * @param given a URL, or a text that should be one
 */
export function formatUrl(given: URL | string): string {
  if (typeof given === 'string' && !URL.canParse(given)) {
    const [visible] = given.split(/[?#]/, 1);
    return JSON.stringify(shorten(visible.slice(visible.lastIndexOf('@') + 1)));
  }
  const url = new URL(given);
  const folders = url.pathname.split('/').length > 2 ? '/…/' : '/';
  return JSON.stringify(
    shorten(`${url.protocol}//${url.host}${folders}${url.pathname.split('/').at(-1)}`),
  );
}

function nameInHeader(disposition: unknown): string | undefined {
  if (typeof disposition !== 'string' || disposition.length > MAX_HEADER_LENGTH) return undefined;
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^';]*'([^;]+)/i.exec(disposition);
  const name = encoded === null ? undefined : decoded(encoded[1].trim());
  if (name !== undefined) return name;
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^";]+))/i.exec(disposition);
  return plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2];
}

function lastSegment({ pathname }: URL): string | undefined {
  return decoded(pathname.split('/').at(-1) ?? '');
}

/** @returns undefined for a text that is not encoded as it should be */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A name without folders, extension, and whatever does not belong into one. */
function stemOf(name: string): string {
  const characters = [...(name.split(/[/\\]/).at(-1) ?? '')].slice(0, MAX_NAME_LENGTH).join('');
  return characters
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, '')
    .trimEnd()
    .replace(/\.[a-z][a-z0-9]{1,4}$/i, '')
    .replace(/^[\s.]+/, '')
    .trimEnd();
}
