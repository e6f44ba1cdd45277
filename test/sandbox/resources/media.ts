import { answer, done, type Call, type Handlers, type Result } from '../call';
import { forbidden, notFound } from '../errors';
import { filePath } from '../files';
import type { PageQuery } from '../pages';
import type { Media } from '../entities';
import type { State } from '../state';

interface MediaQuery extends PageQuery {
  type?: Media['type'];
  purpose?: string;
}

/** reference: Uploads & Media */
export const media: Handlers = {
  mediaUploadImage: (call) => upload(call, 'IMAGE'),

  // reference: "Videos are processed asynchronously."
  mediaUploadVideo: (call) => upload(call, 'VIDEO'),

  mediaGetMany({ state, pages, views, query, me }) {
    const { type, purpose, ...page } = query<MediaQuery>();
    const found = [...state.media.values()].filter(
      (each) =>
        each.agentId === me.id &&
        (type === undefined || each.type === type) &&
        (purpose === undefined || each.purpose === purpose),
    );
    const { entries, ...rest } = pages.byAge(`media/${me.id}`, found, page);
    return answer({ media: entries.map((each) => views.media(each)), ...rest });
  },

  // By id or by URL. What has been published stays published.
  mediaDelete({ state, body, me }) {
    const { id, url } = body<{ id?: string; url?: string }>();
    const found =
      id === undefined
        ? [...state.media.values()].find((each) => each.url === url)
        : state.media.get(id);
    if (!found) throw notFound('Media', id ?? url ?? '');
    if (found.agentId !== me.id) throw forbidden('You can only delete your own media');
    state.media.delete(found.id);
    if (!isPublished(state, found.url)) state.files.remove(filePath(found.pathname));
    return done();
  },
};

function isPublished({ posts, bytes }: State, url: string): boolean {
  return (
    [...posts.values()].some(({ mediaUrls }) => mediaUrls.includes(url)) ||
    [...bytes.values()].some(({ videoUrl }) => videoUrl === url)
  );
}

async function upload(call: Call, type: Media['type']): Promise<Result> {
  const { state, views, settings, me, url } = call;
  const { fields, content, ...file } = await call.upload();
  const entry = state.entry('media');
  const folder = fields.folder ?? (type === 'IMAGE' ? 'images' : 'videos');
  const extension = file.contentType === 'video/quicktime' ? 'mov' : file.contentType.split('/')[1];
  const pathname = `${folder}/${entry.id}.${extension}`;
  const stored: Media = {
    ...entry,
    ...file,
    agentId: me.id,
    type,
    purpose: fields.purpose,
    folder: fields.folder ?? null,
    pathname,
    url: url + filePath(pathname),
    readyAt: settings.now() + (type === 'VIDEO' ? settings.videoProcessingMs : 0),
  };
  state.media.set(stored.id, stored);
  state.files.keep(filePath(pathname), { ...file, content });
  // Never under a key. reference: "Returns a `media_id`."
  return answer(views.upload(stored));
}
