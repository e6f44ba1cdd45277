/** What comes from outside may be long: nothing that reads it may take longer than its length explains. */
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { type INode, NodeApiError } from 'n8n-workflow';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { readBaseUrl } from '../../credentials/baseUrl';
import { unwrap } from '../../nodes/ImagineAnything/engine/response';
import { checkValue, countCharacters } from '../../nodes/ImagineAnything/engine/validate';
import { readId, readText, refusalOf } from '../../nodes/ImagineAnything/engine/recipe';
import type { Parameter } from '../../nodes/ImagineAnything/engine/parameter';
import { resources } from '../../nodes/ImagineAnything/resources';
import { MultipartBody } from '../../nodes/ImagineAnything/transport/multipart';
import { recogniseFile } from '../../nodes/ImagineAnything/transport/fileType';
import { findList, nextCursor, readPages } from '../../nodes/ImagineAnything/transport/pagination';
import { shorten, shown } from '../../nodes/ImagineAnything/transport/shown';
import { play, refused } from './recipes/script';

const ROOT = path.resolve(__dirname, '../..');

/** Everything that is published, by its path in the checkout. */
const SOURCES = ['nodes', 'credentials'].flatMap((folder) =>
  fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(folder, name)),
);

interface Expression {
  file: string;
  source: string;
  flags: string;
}

/** Finds what the code matches text with. */
function expressionsIn(file: string): { literals: Expression[]; built: string[] } {
  const literals: Expression[] = [];
  const built: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      literals.push({ file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if (ts.isIdentifier(node) && node.text === 'RegExp' && !ts.isTypeReferenceNode(node.parent)) {
      built.push(`${file}: RegExp`);
    }
    if (
      ts.isPropertyAccessExpression(node) &&
      ['match', 'matchAll', 'search'].includes(node.name.text) &&
      ts.isCallExpression(node.parent) &&
      !node.parent.arguments.every((each) => ts.isRegularExpressionLiteral(each))
    ) {
      built.push(`${file}: ${node.parent.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return { literals, built };
}

const FOUND = SOURCES.map(expressionsIn);
const LITERALS = FOUND.flatMap(({ literals }) => literals);

/**
 * Expressions that take more than linear time, but are never given a long text. Each says which bound its
 * text has, and where that is checked.
 */
const BOUNDED: ReadonlyArray<Expression & { bound: string }> = [];

const isSame = (a: Expression, b: Expression) =>
  a.file === b.file && a.source === b.source && a.flags === b.flags;

describe('regular expressions', () => {
  beforeAll(() => {
    // The other backends are programs of their own.
    process.env.RECHECK_BACKEND = 'pure';
  });

  const statusOf = ({ source, flags }: Expression) =>
    checkSync(source, flags, { timeout: 20_000 }).status;

  it('are all found', () => {
    expect(SOURCES.length).toBeGreaterThan(50);
    expect(LITERALS.length).toBeGreaterThan(50);
  });

  it('are never built from text', () => expect(FOUND.flatMap(({ built }) => built)).toEqual([]));

  it.each(LITERALS.filter((each) => !BOUNDED.some((known) => isSame(each, known))))(
    'take linear time: $file /$source/$flags',
    (expression) => expect(statusOf(expression)).toBe('safe'),
  );

  it('are only excused where they are there, and need it', () => {
    for (const known of BOUNDED) {
      expect(known.bound).not.toBe('');
      expect(LITERALS.some((each) => isSame(each, known))).toBe(true);
      expect(statusOf(known)).not.toBe('safe');
    }
  });

  it.each(['(a+)+$', 'a+$', '[/?#].*$', 'x*x*y'])(
    'are told apart: /%s/ is none of them',
    (source) => expect(statusOf({ file: '', source, flags: '' })).toBe('vulnerable'),
  );
});

const MEBIBYTE = 1024 * 1024;

/** For what hangs: linear code needs some milliseconds, quadratic code a quarter of an hour. */
const MOST_MS = 15_000;

/** Pieces that parsers look for, and what stands between them. */
const PIECES = [
  ...['/', '\\', ' ', '\t', '\n', '\0', '"', "'", '[', ']', '{', '}', '(', ')', '<', '>', ',', '.'],
  ...[
    ':',
    ';',
    '=',
    '@',
    '#',
    '?',
    '&',
    '%',
    '-',
    '_',
    '+',
    'a',
    'Z',
    '0',
    '9',
    'é',
    '👍',
    '\u0301',
  ],
  ...[
    '\ud800',
    '\udc00',
    '🇩🇪',
    '//',
    '..',
    '%2e',
    'https://',
    'a@',
    '["',
    '",',
    '{"a":',
    '[[',
    'ftyp',
  ],
  ...['process', 'processing', 'fail', 'fail process', 'not ready', 'error_', 'sha256=', 't=1,v1='],
] as const;

/** A text of about this length: a beginning, pieces that repeat, and an end. */
interface Repeated {
  start: string;
  unit: string;
  end: string;
}

const piece = fc.constantFrom(...PIECES);
const anyRepeated: fc.Arbitrary<Repeated> = fc.record({
  start: fc.oneof(fc.constant(''), piece),
  unit: fc.array(piece, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  end: fc.oneof(fc.constant(''), piece, fc.constant('!')),
});

function textOf({ start, unit, end }: Repeated, length: number): string {
  return start + unit.repeat(Math.ceil(length / unit.length)) + end;
}

const base = { name: 'field', displayName: 'Field', in: 'body' } as const;
const PARAMETERS: readonly Parameter[] = [
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
        `checkValue of ${JSON.stringify(parameter)}`,
        (text: string) => checkValue(parameter, text),
      ] as const,
  ),
  ['countCharacters', (text) => countCharacters(text, 5000)],
  ['shown', shown],
  ['shorten', (text) => shorten(text)],
  ['readId', (text) => readId(text)],
  ['readText', (text) => readText(text, '')],
  ['refusalOf', (text) => refusalOf(refusal(text))],
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
  ['recogniseFile', (text) => recogniseFile(Buffer.from(text))],
  ['readBaseUrl', (text) => readBaseUrl(text)],
  ['readBaseUrl of a path', (text) => readBaseUrl(`https://a.example/${text}`)],
];

const operation = (resource: string, name: string) => {
  const found = resources
    .find((each) => each.name === resource)
    ?.operations.find((each) => each.name === name);
  if (!found) throw new Error(`There is no ${resource}: ${name}`);
  return found;
};

/** Recipes against a service that says this text wherever it can. */
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

/** How long this process is busy with something, whatever else the machine does. */
async function busyMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  try {
    await work();
  } catch {
    // A text that is refused has been read as well.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Short texts go first: they are enough for what takes exponential time. */
async function expectLinear(
  text: Repeated,
  parse: (text: string) => unknown,
  longest = MEBIBYTE,
): Promise<void> {
  for (const length of [1000, longest / 16, longest]) {
    const long = textOf(text, length);
    // The first run of a piece of code, or a collection of garbage, may cost more than the work itself.
    const ms = await busyMs(() => parse(long));
    const again = ms > MOST_MS ? await busyMs(() => parse(long)) : ms;
    expect({ length, slow: again > MOST_MS ? again : false }).toEqual({ length, slow: false });
  }
}

/** Each piece by itself, and some of what can be made of them. */
const PIECE_BY_PIECE: Array<[Repeated]> = PIECES.map((unit) => [{ start: 'a', unit, end: '\n!' }]);
const RUNS = {
  numRuns: PIECES.length + (process.env.CI ? 40 : 10),
  examples: PIECE_BY_PIECE,
  // A smaller example would take as long to find as this one.
  endOnFailure: true,
};

describe('a text of a mebibyte takes a moment', () => {
  it.each(PARSERS)('%s', async (_, parse) => {
    await fc.assert(
      fc.asyncProperty(anyRepeated, async (text) => await expectLinear(text, parse)),
      RUNS,
    );
  });

  describe('where the service says it', () => {
    beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
    afterEach(() => jest.useRealTimers());

    it.each(RECIPES)('%s', async (_, run) => {
      await fc.assert(
        fc.asyncProperty(anyRepeated, async (text) => await expectLinear(text, run)),
        RUNS,
      );
    });
  });
});

/** An object with this text in the members that are read most of a delivery, an answer or a credential. */
function membersOf(text: string): object {
  const names = ['id', 'event', 'handle', 'createdAt', 'error', 'message', 'webhookUrl', 'baseUrl'];
  return {
    ...Object.fromEntries([...names, text].map((name) => [name, text])),
    data: { id: text, actor: { handle: text } },
  };
}

const isFunction = (value: unknown): value is (...given: unknown[]) => unknown =>
  typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));

/** Every exported function of the folders whose functions are given what comes over the wire. */
const FUNCTIONS = SOURCES.filter((file) => /^credentials\/|\/(trigger|transport)\//.test(file))
  // The tables, and what waits.
  .filter(
    (file) =>
      !/\/(description|samples|assumptions|sleep|hookDeadline)\.ts$|\.credentials\.ts$/.test(file),
  )
  .flatMap((file) => {
    // The file is known only now, and a test cannot wait for an import while it is defined.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const exported = require(path.join(ROOT, file)) as Record<string, unknown>;
    return Object.entries(exported)
      .filter(([, value]) => isFunction(value))
      .map(([name, value]) => ({ file, name, call: value as (...given: unknown[]) => unknown }));
  });

/** It stands in many places at once. */
const PART = MEBIBYTE / 8;

describe('a long text takes a moment, whatever it is given to', () => {
  it.each(FUNCTIONS)('$file $name', async ({ call }) => {
    const given = (text: string): unknown[][] => [
      [text, text, text],
      [membersOf(text), membersOf(text)],
      [[membersOf(text)], membersOf(text)],
    ];
    await fc.assert(
      fc.asyncProperty(anyRepeated, async (repeated) => {
        await expectLinear(
          repeated,
          async (text) => {
            for (const values of given(text)) {
              try {
                await Promise.race([call(...values), new Promise(setImmediate)]);
              } catch {
                // Most of it is refused.
              }
            }
          },
          PART,
        );
      }),
      RUNS,
    );
  });
});
