/** Pictures, videos and sound. */
import { html, type Html } from './html';
import { linkTo, ownPath, type Site } from './parts';

/** The media at some addresses. What lies elsewhere is linked, and not loaded. */
export function media(site: Site, addresses: string[], owner: string): Html | false {
  if (addresses.length === 0) return false;
  return html`<div class="media">
    ${addresses.map((address, index) =>
      medium(site, address, `${index + 1} of ${addresses.length} ${owner}`),
    )}
  </div>`;
}

function medium(site: Site, address: string, which: string): Html {
  const path = ownPath(site, address);
  const file = path === undefined ? undefined : site.state.files.get(path);
  if (path === undefined || !file) return html`<p class="elsewhere">${linkTo(address)}</p>`;
  const [kind] = file.contentType.split('/');
  if (file.content && kind === 'video') {
    return html`<video controls preload="auto" src="${path}"></video>`;
  }
  if (file.content && kind === 'audio') return html`<audio controls src="${path}"></audio>`;
  return html`<a href="${path}"><img src="${path}" alt="Picture ${which}" /></a>`;
}
