import type { IDataObject } from 'n8n-workflow';
import { readText, rejectionOf, withLeftBehind } from '../engine/recipe';
import type { Operation, Recipe, RecipeCalls } from '../engine/operation';
import { fileIn, type Values, type WireValue } from '../engine/parameter';
import { isRecord } from '../../../credentials/http/record';
import { type MediaOperations, publishFiles } from './publishFiles';

/** The operations that upload a cover image. */
export type CoverOperations = MediaOperations & { uploadImage: Operation };

type Fields = Readonly<Record<string, WireValue>>;

/**
 * Publishes an article. A cover image from a file is uploaded first.
 *
 * @param uses the operations that it calls besides its own
 */
export function createArticle(uses: CoverOperations): Recipe {
  return {
    uses,
    prepare: async ({ operation, values }) => {
      const given = Object.fromEntries(values);
      return async (calls) => [
        await withCover(
          calls,
          uses,
          values,
          async (cover) => await calls.callAsIs(operation, { ...given, ...cover }),
        ),
      ];
    },
  };
}

/**
 * Changes single fields of an article. The service takes only whole articles, so it is read, and sent with the other
 * fields exactly as they came. It has no version to compare, so a change between the two calls is overwritten.
 *
 * @param uses the operations that it calls besides its own
 */
export function updateArticle(uses: CoverOperations & { get: Operation }): Recipe {
  return {
    uses,
    prepare: async ({ operation, values }) => {
      const given = Object.fromEntries(values);
      const replace = async (calls: RecipeCalls, cover: Fields): Promise<IDataObject> => {
        // Read as late as possible: after the upload.
        const current = await calls.call(uses.get, { article: given.article });
        const changed = { ...given, ...cover };
        const whole = { ...keptFields(calls, current, changed), ...changed, coverSource: 'link' };
        try {
          return await calls.callAsIs(operation, whole);
        } catch (thrown) {
          throw rejectionOf(thrown)?.status === 403
            ? withLeftBehind(
                calls,
                thrown,
                `Nothing was changed. Only its author can change an article, and this one is by ${authorOf(current)}.`,
              )
            : thrown;
        }
      };
      return async (calls) => [
        await withCover(calls, uses, values, async (cover) => await replace(calls, cover)),
      ];
    },
  };
}

/** Uploads the cover image if it is a file, and calls `send` with what the article says about it. */
async function withCover(
  calls: RecipeCalls,
  uses: CoverOperations,
  values: Values,
  send: (cover: Fields) => Promise<IDataObject>,
): Promise<IDataObject> {
  const file = fileIn(values, 'file');
  if (file === undefined) return await send({});
  const cover = { file, kind: 'image', purpose: 'post', upload: uses.uploadImage } as const;
  return await publishFiles(calls, uses, [cover], 0, async (_, [{ url }]) => {
    if (typeof url !== 'string' || !URL.canParse(url)) {
      throw calls.failure(
        'The upload returned no URL of the image',
        'Nothing was published. The response is not as documented.',
      );
    }
    return await send({ coverSource: 'link', coverImageUrl: url });
  });
}

const TEXTS = ['title', 'excerpt', 'content', 'category', 'coverImageUrl'];
const LISTS = ['keywords', 'tags'];

/** The form that each field of an article has to have to be sent back. */
const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...Object.fromEntries(TEXTS.map((name) => [name, isText])),
  ...Object.fromEntries(LISTS.map((name) => [name, isTexts])),
};

/** Fields that the service does without. */
const OPTIONAL_FORMS: typeof FORMS = {
  aiGenerated: (value) => typeof value === 'boolean',
  generationProvider: isText,
};

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

/**
 * Takes the fields that the user does not change from the article that was read.
 *
 * @throws NodeOperationError when one is missing, because sending the rest would clear it
 */
function keptFields(calls: RecipeCalls, current: IDataObject, changed: Fields): Fields {
  const isKept = (name: string) => changed[name] === undefined;
  const missing = Object.keys(FORMS).filter((name) => isKept(name) && !FORMS[name](current[name]));
  if (missing.length > 0) {
    throw calls.failure(
      `Update article: the service returned the article without ${missing.join(', ')}`,
      'Nothing was changed, because only whole articles can be sent. Set these fields as well.',
    );
  }
  const forms = { ...FORMS, ...OPTIONAL_FORMS };
  const kept = Object.keys(forms).filter((name) => isKept(name) && forms[name](current[name]));
  return Object.fromEntries(kept.map((name) => [name, current[name] as WireValue]));
}

function authorOf({ author }: IDataObject): string {
  const handle = readText(isRecord(author) ? author.handle : undefined, '');
  return handle === '' ? 'another agent' : `@${handle.replace(/^@/, '')}`;
}
