import type { IDataObject } from 'n8n-workflow';
import type { UploadFile } from '../../../nodes/ImagineAnything/transport/multipart';
import { lost, operationNamed, play, refused, type Step, useOwnClock } from './script';

useOwnClock();

const file: UploadFile = {
  name: 'eye.png',
  mimeType: 'image/png',
  size: 1,
  open: async () => Buffer.alloc(1),
};

const FIELDS = {
  title: 'Old title',
  excerpt: 'About it',
  content: Array.from({ length: 500 }, (_, index) => `w${index}`).join(' '),
  category: 'TUTORIALS',
  keywords: ['a', 'b', 'c'],
  tags: ['t'],
};

const URL = 'https://cdn.example/eye.png';
const UPLOADED: Readonly<Record<string, Step>> = {
  'Upload image': () => ({ id: 'm1', url: URL }),
  'Delete uploaded file': () => ({}),
};

describe('Article: Create', () => {
  const create = operationNamed('Article', 'Create');
  const run = async (values: object, answers: Readonly<Record<string, Step>>) =>
    await play(create.recipe, create, { ...FIELDS, ...values }, answers);

  it('links to a cover image that is on the web', async () => {
    const sent: unknown[] = [];
    const { items, did } = await run(
      { coverSource: 'link', coverImageUrl: URL },
      { 'Create article': (values) => ({ id: `a${sent.push(values)}` }) },
    );
    expect([items, did]).toEqual([[{ id: 'a1' }], ['Create article']]);
    expect(sent).toEqual([{ ...FIELDS, coverSource: 'link', coverImageUrl: URL }]);
  });

  it('uploads a cover image that is a file', async () => {
    const sent: unknown[] = [];
    const { did } = await run(
      { coverSource: 'binary', file },
      { ...UPLOADED, 'Create article': (values) => ({ id: `a${sent.push(values)}` }) },
    );
    expect(did).toEqual(['Upload image', 'Create article']);
    expect(sent).toMatchObject([{ ...FIELDS, coverSource: 'link', coverImageUrl: URL }]);
  });

  it('deletes the cover image of an article that is refused', async () => {
    const { did, error } = await run(
      { coverSource: 'binary', file },
      { ...UPLOADED, 'Create article': refused(400, 'validation_error') },
    );
    expect(did).toEqual(['Upload image', 'Create article', 'Delete uploaded file']);
    expect(error?.description).toContain('The uploaded files were deleted.');
  });

  it('keeps the cover image of an article that may have been published', async () => {
    const { did, error } = await run(
      { coverSource: 'binary', file },
      { ...UPLOADED, 'Create article': lost },
    );
    expect(did).toEqual(['Upload image', 'Create article']);
    expect(error?.description).toContain('The uploaded files were kept');
  });

  it.each([undefined, null, 7, '', '/eye.png'])(
    'publishes nothing when the URL of the uploaded image is %j',
    async (url) => {
      const { did, error } = await run(
        { coverSource: 'binary', file },
        { ...UPLOADED, 'Upload image': () => ({ id: 'm1', url }) },
      );
      expect(did).toEqual(['Upload image', 'Delete uploaded file']);
      expect(error?.message).toBe('The upload returned no URL of the image');
    },
  );
});

describe('Article: Update', () => {
  const update = operationNamed('Article', 'Update');

  /** What is sent back of the article: with values that the node would not take from a user. */
  const SENT: IDataObject = {
    ...{ title: 'Old title', excerpt: ' With spaces \n', content: 'Short', category: 'NEW_TO_US' },
    ...{ keywords: ['one', ' two ', 'one'], tags: [], coverImageUrl: 'http://cdn.example/old.png' },
    ...{ aiGenerated: true, generationProvider: 'NEW' },
  };

  const CURRENT: IDataObject = {
    ...SENT,
    ...{ id: 'a1', slug: 's1', wordCount: 1, author: { handle: '@ada_bot' } },
  };

  const run = async (
    updateFields: object,
    answers: Readonly<Record<string, Step>> = {},
    current: IDataObject = CURRENT,
  ) => {
    const sent: Array<Readonly<Record<string, unknown>>> = [];
    const played = await play(
      update.recipe,
      update,
      { article: 's1', coverSource: 'unchanged', ...updateFields },
      {
        'Get article': () => current,
        'Update article': (values) => ({ id: `a${sent.push(values)}` }),
        ...answers,
      },
    );
    return { ...played, sent };
  };

  it('sends the other fields exactly as they were read', async () => {
    const { items, did, sent } = await run({ title: 'New title' });
    expect(did).toEqual(['Get article', 'Update article']);
    expect(items).toEqual([{ id: 'a1' }]);
    expect(sent).toEqual([{ ...SENT, title: 'New title', article: 's1', coverSource: 'link' }]);
  });

  it('reads only after the upload, and sends its URL', async () => {
    const { did, sent } = await run({ coverSource: 'binary', file }, UPLOADED);
    expect(did).toEqual(['Upload image', 'Get article', 'Update article']);
    expect(sent).toMatchObject([{ ...SENT, coverImageUrl: URL }]);
  });

  it('replaces the link to the cover image', async () => {
    const { sent } = await run({ coverSource: 'link', coverImageUrl: URL });
    expect(sent).toMatchObject([{ ...SENT, coverImageUrl: URL }]);
  });

  it.each([
    [undefined, null],
    [null, null],
    [undefined, undefined],
  ])('leaves out what nobody set: %j and %j', async (aiGenerated, generationProvider) => {
    const current = { ...CURRENT, aiGenerated, generationProvider } as IDataObject;
    const [{ aiGenerated: ai, generationProvider: provider }] = (
      await run({ title: 'New' }, {}, current)
    ).sent;
    expect([ai, provider]).toEqual([undefined, undefined]);
  });

  it.each<[string, unknown]>([
    ['title', undefined],
    ['excerpt', null],
    ['content', 5],
    ['category', {}],
    ['coverImageUrl', undefined],
    ['keywords', 'a, b, c'],
    ['tags', [1]],
  ])('changes nothing when it reads no valid %s', async (name, value) => {
    const other = name === 'title' ? { excerpt: 'New' } : { title: 'New' };
    const current = { ...CURRENT, [name]: value } as IDataObject;
    const { did, error, sent } = await run(other, {}, current);
    expect([did, sent]).toEqual([['Get article'], []]);
    expect(error?.message).toBe(`Update article: the service returned the article without ${name}`);
    expect(error?.description).toMatch(/^Nothing was changed/);
  });

  it('needs no field from the service that the user gives', async () => {
    const { sent } = await run({ tags: ['new'] }, {}, { ...CURRENT, tags: null });
    expect(sent).toMatchObject([{ ...SENT, tags: ['new'] }]);
  });

  it('names the author of an article of another agent', async () => {
    const { error } = await run({ title: 'New' }, { 'Update article': refused(403, 'forbidden') });
    expect(error?.description).toMatch(
      /^Nothing was changed\. Only its author can change an article, and this one is by @ada_bot\./,
    );
  });

  it.each([undefined, 'ada', { handle: 5 }])(
    'says so as well when the author is given as %j',
    async (author) => {
      const current = { ...CURRENT, author } as IDataObject;
      const refusal = { 'Update article': refused(403, 'forbidden') };
      const { error } = await run({ title: 'New' }, refusal, current);
      expect(error?.description).toContain('this one is by another agent.');
    },
  );

  it('passes on any other refusal', async () => {
    const { error } = await run({ title: 'New' }, { 'Update article': refused(400, 'bad') });
    expect(error?.message).toBe('Refused (bad)');
    expect(error?.description ?? '').not.toContain('author');
  });
});
