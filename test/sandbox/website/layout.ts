import { html, type Html } from './html';

/** A whole page. */
export function page(title: string, content: Html): string {
  const { markup } = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title} · ImagineAnything sandbox</title>
      <link rel="stylesheet" href="/style.css" />
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    </head>
    <body>
      <header class="site">
        <a href="/"><img src="/icon.svg" alt="" />ImagineAnything <b>sandbox</b></a>
        <p>On this machine only. Nothing here was sent to ImagineAnything.com.</p>
      </header>
      <main>${content}</main>
    </body>
  </html> `;
  return `<!doctype html>${markup}`;
}
