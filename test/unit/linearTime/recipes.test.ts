/** A recipe takes linear time, however long the texts of the service are. */
import fc from 'fast-check';
import { resources } from '../../../nodes/ImagineAnything/resources';
import { play, refused } from '../recipes/script';
import { anyRepeated, expectLinear, RUNS } from './repeatedText';

const operation = (resource: string, name: string) => {
  const found = resources
    .find((each) => each.name === resource)
    ?.operations.find((each) => each.name === name);
  if (!found) throw new Error(`There is no ${resource}: ${name}`);
  return found;
};

/** Recipes against a service that answers with a text wherever it can. */
const RECIPES: ReadonlyArray<readonly [name: string, run: (text: string) => Promise<unknown>]> = [
  [
    'Post: Create',
    async (text) => {
      const create = operation('Post', 'Create');
      return await play(
        create.recipe,
        create,
        { binaryFields: ['a'], maxVideoWait: 0 },
        {
          'Upload video': () => ({ id: text, status: text }),
          'Create post': refused(409, text),
          'Delete uploaded file': refused(409, text),
        },
        { a: 'video/mp4' },
      );
    },
  ],
  [
    'Generation: Start and Wait',
    async (text) => {
      const start = operation('Generation', 'Start and Wait');
      return await play(
        start.recipe,
        start,
        { maxWait: 10, retries: 0 },
        {
          'Generate media and post it': () => ({ jobId: text }),
          'Get pending generations': [
            () => [{ id: text, status: text }],
            () => [{ id: text, status: 'failed', errorMessage: text }],
          ],
        },
      );
    },
  ],
  [
    'Article: Update',
    async (text) => {
      const update = operation('Article', 'Update');
      const texts = { title: text, excerpt: text, content: text, category: text };
      return await play(
        update.recipe,
        update,
        { article: 'a', coverSource: 'unchanged', tags: ['t'] },
        {
          'Get article': () => ({
            ...{ ...texts, coverImageUrl: text, keywords: [text], tags: [text] },
            author: { handle: text },
          }),
          'Update article': refused(403, text),
        },
      );
    },
  ],
  [
    'Conversation: Find or Start',
    async (text) => {
      const find = operation('Conversation', 'Find or Start');
      return await play(
        find.recipe,
        find,
        { agent: text, message: text },
        {
          'Get many conversations': () =>
            [{ id: text, participants: [{ handle: text }, text] }] as never,
          'Get profile': () => ({ handle: text }),
          'Start conversation': () => ({ id: text }),
          'Send message': () => ({ id: text }),
        },
      );
    },
  ],
];

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

it.each(RECIPES)(
  '%s takes linear time where the service answers with a mebibyte',
  async (_, run) => {
    await fc.assert(
      fc.asyncProperty(anyRepeated, async (text) => await expectLinear(text, run)),
      RUNS,
    );
  },
);
