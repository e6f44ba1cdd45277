/** What reads a text from outside takes linear time, however long the text is. */
import fc from 'fast-check';
import { type INode, NodeApiError } from 'n8n-workflow';
import { readBaseUrl } from '../../../credentials/baseUrl';
import { readId, readText, rejectionOf } from '../../../nodes/ImagineAnything/engine/recipe';
import { unwrap } from '../../../nodes/ImagineAnything/engine/response';
import { validateValue, countCharacters } from '../../../nodes/ImagineAnything/engine/validate';
import { resources } from '../../../nodes/ImagineAnything/resources';
import { detectFileType } from '../../../nodes/ImagineAnything/transport/fileType';
import { MultipartBody } from '../../../nodes/ImagineAnything/transport/multipart';
import {
  findList,
  nextCursor,
  readPages,
} from '../../../nodes/ImagineAnything/transport/pagination';
import { formatValue, shorten } from '../../../nodes/ImagineAnything/transport/formatValue';
import { anyRepeated, expectLinear, RUNS } from './repeatedText';

const base = { name: 'field', displayName: 'Field', in: 'body' } as const;
const PARAMETERS: ReadonlyArray<Parameters<typeof validateValue>[0]> = [
  { ...base, kind: 'text' },
  { ...base, kind: 'text', maxLength: 500 },
  { ...base, kind: 'text', maxLength: 5000 },
  { ...base, kind: 'text', minLength: 3 },
  { ...base, kind: 'number', integer: true, min: 1, max: 5 },
  { ...base, kind: 'flag' },
  { ...base, kind: 'choice', choices: [{ name: 'A', value: 'a' }] },
  { ...base, kind: 'list', maxItems: 4 },
  { ...base, kind: 'list', urls: true },
  { ...base, kind: 'url', secure: true },
  { ...base, kind: 'id', page: 'post' },
  { ...base, kind: 'id', prefix: '#' },
  { ...base, kind: 'handle' },
  { ...base, kind: 'json' },
  ...resources
    .flatMap(({ operations }) => operations.flatMap(({ parameters = [] }) => parameters))
    .filter((parameter) => parameter.kind === 'text' && parameter.form !== undefined),
];

const node = { name: 'ImagineAnything' } as INode;

function refusal(message: string): NodeApiError {
  const error = new NodeApiError(node, {}, { message: 'Refused' });
  error.message = message;
  error.context = { httpStatus: 409, errorCode: message, mayHaveHadEffect: false };
  return error;
}

const onePage = { limit: 2, pageSize: 1, paged: true, key: 'posts' };

/** What reads a text from outside. */
const PARSERS: ReadonlyArray<readonly [name: string, parse: (text: string) => unknown]> = [
  ...PARAMETERS.map(
    (parameter) =>
      [
        `validateValue of ${JSON.stringify(parameter)}`,
        (text: string) => validateValue(parameter, text),
      ] as const,
  ),
  ['countCharacters', (text) => countCharacters(text, 5000)],
  ['formatValue', formatValue],
  ['shorten', (text) => shorten(text)],
  ['readId', (text) => readId(text)],
  ['readText', (text) => readText(text, '')],
  ['rejectionOf', (text) => rejectionOf(refusal(text))],
  ['unwrap', (text) => unwrap({ post: { [text]: text }, [text]: text }, 'post')],
  ['findList', (text) => findList({ [text]: [text] }, 'posts')],
  ['nextCursor', (text) => nextCursor({ nextCursor: text, pagination: { nextCursor: text } })],
  [
    'readPages',
    async (text) => {
      const body = { posts: [{ id: text, [text]: text }], nextCursor: text.slice(0, 4096) };
      await readPages(async () => ({ status: 200, body }), onePage);
    },
  ],
  [
    'MultipartBody',
    (text) =>
      new MultipartBody().append('file', {
        name: text,
        mimeType: 'image/png',
        size: 1,
        open: async () => Buffer.alloc(1),
      }),
  ],
  ['detectFileType', (text) => detectFileType(Buffer.from(text))],
  ['readBaseUrl', (text) => readBaseUrl(text)],
  ['readBaseUrl of a path', (text) => readBaseUrl(`https://a.example/${text}`)],
];

it.each(PARSERS)('%s reads a mebibyte in linear time', async (_, parse) => {
  await fc.assert(
    fc.asyncProperty(anyRepeated, async (text) => await expectLinear(text, parse)),
    RUNS,
  );
});
