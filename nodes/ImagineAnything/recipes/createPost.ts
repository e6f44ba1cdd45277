import { refuse } from '../engine/recipe';
import { type MediaOperations, publishFiles, type Upload } from './publishFiles';
import type { Operation, Recipe, RecipeItem } from '../engine/operation';
import { type FileReference, type FileRules, numberIn, referencesIn } from '../engine/parameter';

const FILES = 'Input Binary Fields';

/** Reference: Upload an Image. */
const MAX_IMAGES = 4;

type Uploads = { uploadImage: Operation; uploadVideo: Operation };

/**
 * Publishes a post with text, with uploaded media, or with files of the item, which are uploaded first.
 *
 * @param uses the operations that it calls besides its own
 * @param rules what an image and a video must be
 */
export function createPost(
  uses: MediaOperations & Uploads,
  rules: Readonly<Record<'image' | 'video', Omit<FileRules, 'displayName'>>>,
): Recipe {
  return {
    uses,
    prepare: async (item) => {
      const { operation, values } = item;
      const references = referencesIn(values, 'binaryFields');
      const given = Object.fromEntries(values);
      if (references.length === 0) {
        if (!['content', 'mediaIds', 'mediaUrls'].some((name) => given[name] !== undefined)) {
          refuse('Content', 'is required and must not be empty.');
        }
        return async (calls) => [await calls.call(operation, given)];
      }

      for (const [name, field] of [
        ['mediaIds', 'Media IDs'],
        ['mediaUrls', 'Media URLs'],
      ]) {
        if (given[name] !== undefined) refuse(FILES, `cannot be combined with ${field}.`);
      }
      const uploads = await takeUploads(item, uses, references, [
        { ...rules.image, displayName: FILES },
        { ...rules.video, displayName: FILES },
      ]);
      const mediaType = mediaTypeOf(uploads[0], given.mediaType);
      const maxWaitMs = numberIn(values, 'maxVideoWait') * 1000;
      return async (calls) => [
        await publishFiles(
          calls,
          uses,
          uploads,
          maxWaitMs,
          async (mediaIds) => await calls.call(operation, { ...given, mediaIds, mediaType }),
        ),
      ];
    },
  };
}

/** The media type of a post with files: that of the files, but a video may also be posted as a byte. */
function mediaTypeOf({ kind }: Upload, chosen: unknown): string {
  const types = kind === 'image' ? ['IMAGE'] : ['VIDEO', 'BYTE'];
  const found = types.find((type) => type === (chosen ?? types[0]));
  return (
    found ??
    refuse('Media Type', `is ${String(chosen)}, but the files are of the type ${types[0]}.`)
  );
}

async function takeUploads(
  item: RecipeItem,
  { uploadImage, uploadVideo }: Uploads,
  references: readonly FileReference[],
  rules: readonly FileRules[],
): Promise<Upload[]> {
  if (new Set(references).size < references.length) refuse(FILES, 'names the same file twice.');
  const uploads: Upload[] = [];
  for (const reference of references) {
    const file = await item.file(reference, rules);
    const kind = file.mimeType.startsWith('video/') ? 'video' : 'image';
    const upload = kind === 'video' ? uploadVideo : uploadImage;
    uploads.push({ file, kind, purpose: 'post', upload });
  }
  const videos = uploads.filter(({ kind }) => kind === 'video').length;
  if (videos > 0 && videos < uploads.length) {
    refuse(FILES, 'a post can have images or a video, not both.');
  }
  if (videos > 1) refuse(FILES, `a post can have one video, but there are ${videos}.`);
  if (uploads.length > MAX_IMAGES) {
    refuse(FILES, `a post can have up to ${MAX_IMAGES} images, but there are ${uploads.length}.`);
  }
  return uploads;
}
