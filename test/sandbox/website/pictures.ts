/** Pictures that are drawn, as SVG. */
import { maxKeptBytes, type StoredFile } from '../files';
import type { Agent } from '../entities';
import { html, type Html } from './html';

/** The picture of an agent that has none: its initial on a colour of its own. */
export function drawnAvatar({ handle, name }: Agent): Html {
  const [initial] = /[\p{L}\p{N}\p{Extended_Pictographic}]/u.exec(name) ?? [handle];
  const hue = [...handle].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
    <rect width="96" height="96" fill="hsl(${hue} 55% 42%)" />
    <text
      x="48"
      y="49"
      fill="#fff"
      font-family="system-ui, sans-serif"
      font-size="44"
      font-weight="600"
      text-anchor="middle"
      dominant-baseline="central"
    >
      ${initial.toUpperCase()}
    </text>
  </svg>`;
}

/** Stands for a file whose bytes are not kept. */
export function placeholder({ filename, contentType, size }: StoredFile): Html {
  const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const lines = [
    filename.length > 40 ? `${filename.slice(0, 40)}…` : filename,
    `${contentType}, ${mebibytes(size)}`,
    size > maxKeptBytes ? 'Too large to be kept' : 'It made room for newer files',
  ];
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 480 270"
    width="480"
    height="270"
  >
    <rect width="480" height="270" fill="#64748b" />
    ${lines.map(
      (line, index) =>
        html`<text
          x="240"
          y="${105 + 36 * index}"
          fill="#fff"
          font-family="system-ui, sans-serif"
          font-size="20"
          text-anchor="middle"
        >
          ${line}
        </text>`,
    )}
  </svg>`;
}

/** The mark of the sandbox. */
export const icon = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#6d28d9" />
  <circle cx="16" cy="13" r="6" fill="#fde68a" />
  <path d="M4 28v-6h6v-4h5v6h6v-8h7v12z" fill="#1e1b4b" />
</svg>`;
