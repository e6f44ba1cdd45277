/** Every way in which an item, or another node, gives a file. */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { uploads } from '../operations/media';
import { type CaseFile, MP4, myself, PNG, type Fixture } from '../operations/fixture';
import { binary, type RunResult } from './support/n8n';
import { StoredFiles } from './support/storedFiles';
import { useN8n } from './support/useN8n';

type Files = Readonly<Record<string, CaseFile>>;

const COMBINED = { binaryMode: 'combined' } as const;

/** All operations that take one file, with what shows that it arrived. */
const OPERATIONS = [
  {
    what: 'Profile: Upload Avatar',
    file: PNG,
    parameters: { resource: 'profile', operation: 'uploadAvatar' },
    arrived: (fixture: Fixture) => expect(myself(fixture).avatarUrl).not.toBeNull(),
  },
  {
    what: 'Media: Upload Image',
    file: PNG,
    parameters: { resource: 'media', operation: 'uploadImage', purpose: 'post' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'IMAGE', filename: PNG.fileName }]),
  },
  {
    what: 'Media: Upload Video',
    file: MP4,
    parameters: { resource: 'media', operation: 'uploadVideo', purpose: 'post' },
    arrived: (fixture: Fixture) =>
      expect(uploads(fixture)).toMatchObject([{ type: 'VIDEO', filename: MP4.fileName }]),
  },
  {
    what: 'Byte: Create',
    file: MP4,
    parameters: { resource: 'byte', operation: 'create', videoSource: 'binary' },
    arrived: ({ sandbox }: Fixture) => expect(sandbox.state.bytes.size).toBe(1),
  },
] as const;

const createPost = (binaryFields: string): INodeParameters => ({
  resource: 'post',
  operation: 'create',
  content: 'Look at this',
  additionalFields: { binaryFields },
});

const uploadImage = (binaryPropertyName: string): INodeParameters => ({
  resource: 'media',
  operation: 'uploadImage',
  purpose: 'post',
  binaryPropertyName,
});

describe('files', () => {
  const { sandbox, fixture, run: runNode } = useN8n({ sandboxPer: 'test' });
  let stored: StoredFiles;

  beforeAll(() => {
    stored = new StoredFiles();
  });

  const inMemory = (files: Files): INodeExecutionData => ({
    json: {},
    binary: Object.fromEntries(
      Object.entries(files).map(([field, { content, fileName, mimeType }]) => [
        field,
        binary(content, fileName, mimeType),
      ]),
    ),
  });

  async function inStore(files: Files): Promise<INodeExecutionData> {
    const saved = await Promise.all(
      Object.entries(files).map(async ([field, file]) => [field, await stored.save(file)] as const),
    );
    return { json: {}, binary: Object.fromEntries(saved) };
  }

  async function run(
    parameters: INodeParameters,
    item: INodeExecutionData,
    workflowSettings = {},
  ): Promise<RunResult> {
    return await runNode(parameters, { input: [item], workflowSettings });
  }

  const mediaOfPosts = () =>
    sandbox.state.postsBy(fixture.me.id).map(({ mediaIds }) => mediaIds.length);

  describe.each(OPERATIONS)('$what', ({ file, parameters, arrived }) => {
    it.each([
      ['a name', 'data'],
      ['the file of another node', "={{ $('Items').item.binary.data }}"],
    ])('takes %s, with the content in memory', async (_, binaryPropertyName) => {
      const { error } = await run({ ...parameters, binaryPropertyName }, inMemory({ data: file }));

      expect(error).toBeUndefined();
      arrived(fixture);
    });

    it.each([
      ['a name', 'data'],
      ['the file of another node', "={{ $('Items').item.binary.data }}"],
      ['the file of the item', '={{ $binary.data }}'],
    ])('takes %s, with the content in a store', async (_, binaryPropertyName) => {
      const item = await inStore({ data: file });
      const { error } = await run({ ...parameters, binaryPropertyName }, item);

      expect(error).toBeUndefined();
      arrived(fixture);
    });

    it.each([
      ['a name', 'data'],
      ['a path', '_files.data'],
      ['the file', '={{ $json._files.data }}'],
      ['the file of another node', "={{ $('Items').item._files.data }}"],
    ])('takes %s where files are in the JSON of the item', async (_, binaryPropertyName) => {
      const item = await inStore({ data: file });
      const { error } = await run({ ...parameters, binaryPropertyName }, item, COMBINED);

      expect(error).toBeUndefined();
      arrived(fixture);
    });

    it('names field, item and advice where the content is gone', async () => {
      const item = await inStore({ data: file });
      stored.clear();
      const { error } = await run({ ...parameters, binaryPropertyName: 'data' }, item);

      expect(error).toMatchObject({
        message:
          'Input Binary Field: the file in "data" is gone: n8n no longer has its content. Run the node that made it again, then this one.',
        context: { itemIndex: 0 },
      });
      expect(sandbox.requests).toHaveLength(0);
    });
  });

  it('says so where the content goes while the item waits to be sent', async () => {
    const item = await inStore({ data: PNG });
    stored.clear(1);
    const { error } = await run(uploadImage('data'), item);

    expect(error).toMatchObject({
      message:
        'Upload image: the file in "data" is gone: n8n no longer has its content. Run the node that made it again, then this one.',
      context: { itemIndex: 0 },
    });
    expect(uploads(fixture)).toHaveLength(0);
  });

  it('takes a file in memory where files should be in the JSON of the item', async () => {
    const { error } = await run(uploadImage('data'), inMemory({ data: PNG }), COMBINED);

    expect(error).toBeUndefined();
    expect(uploads(fixture)).toHaveLength(1);
  });

  it('takes a field with a dot in its name where names are paths', async () => {
    const item = await inStore({ 'a.png': PNG });
    const { error } = await run(uploadImage('a.png'), item, COMBINED);

    expect(error).toBeUndefined();
    expect(uploads(fixture)).toHaveLength(1);
  });

  it('takes no file from the JSON of an item unless the workflow keeps them there', async () => {
    const { binary: files } = await inStore({ data: PNG });
    const item = { json: { _files: files } as never };
    const { error } = await run(uploadImage('data'), item);

    expect(error?.message).toBe(
      'Input Binary Field: the item has no binary field "data". It has no file at all.',
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it('says which files there are where they are in the JSON of the item', async () => {
    const item = await inStore({ cover: PNG, back: PNG });
    const { error } = await run(uploadImage('data'), item, COMBINED);

    expect(error?.message).toBe(
      'Input Binary Field: the item has no binary field "data". It has: cover, back.',
    );
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'takes no member that every object has for a file in the JSON: %s',
    async (name) => {
      const item = await inStore({ data: PNG });
      const { error } = await run(uploadImage(name), item, COMBINED);

      expect(error?.message).toMatch(`no binary field "${name}". It has: data.`);
    },
  );

  it('asks for the name where n8n gives an expression the file without its content', async () => {
    const { error } = await run(uploadImage('={{ $binary.data }}'), inMemory({ data: PNG }));

    expect(error?.message).toBe(
      'Input Binary Field: the given file "pixel.png" has no content, as n8n keeps it in memory and gives it to the expression without. Give the name of its binary field instead.',
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it.each([
    ['an object', '={{ ({ name: "a.png" }) }}', 'an object'],
    ['all files at once', "={{ $('Items').item.binary }}", 'an object'],
    ['a list', "={{ [$('Items').item.binary.data] }}", 'a list'],
    ['true', '={{ true }}', 'true'],
  ])('refuses %s for one file', async (_, field, is) => {
    const { error } = await run(uploadImage(field), inMemory({ data: PNG }));

    expect(error?.message).toBe(
      `Input Binary Field: must be the name of a binary field or a file, but is ${is}.`,
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it('calls a file without a name after what it is', async () => {
    const unnamed = { ...PNG, fileName: '' };
    await run(uploadImage("={{ $('Items').item.binary.data }}"), inMemory({ data: unnamed }));

    expect(uploads(fixture)).toMatchObject([{ filename: 'file.png' }]);
  });

  describe('Post: Create', () => {
    it.each([
      ['one file', "={{ $('Items').item.binary.a }}", 1],
      ['a list of files', "={{ Object.values($('Items').item.binary) }}", 3],
      ['names and files mixed', "={{ ['a', $('Items').item.binary.b, ' c '] }}", 3],
      ['names', 'a, b', 2],
    ])('takes %s', async (_, fields, count) => {
      const item = inMemory({ a: PNG, b: PNG, c: PNG });
      const { error } = await run(createPost(fields), item);

      expect(error).toBeUndefined();
      expect(mediaOfPosts()).toEqual([count]);
    });

    it.each([
      ['names', 'a, b'],
      ['paths', '_files.a, _files.b'],
      ['files', '={{ Object.values($json._files) }}'],
    ])('takes %s where files are in the JSON of the item', async (_, fields) => {
      const item = await inStore({ a: PNG, b: PNG });
      const { error } = await run(createPost(fields), item, COMBINED);

      expect(error).toBeUndefined();
      expect(mediaOfPosts()).toEqual([2]);
    });

    it.each([
      ['an object', '={{ [{ name: "a.png" }] }}', 'is an object'],
      ['nothing', "={{ ['a', $json.missing] }}", 'is undefined'],
      ['a list in a list', "={{ [['a']] }}", 'is a list'],
    ])('refuses %s among them', async (_, fields, is) => {
      const { error } = await run(createPost(fields), inMemory({ a: PNG }));

      expect(error?.message).toBe(
        `Input Binary Fields: must be the name of a binary field or a file, but ${is}.`,
      );
      expect(sandbox.requests).toHaveLength(0);
    });

    it('uploads none where the content of one is gone', async () => {
      const item = await inStore({ a: PNG });
      stored.clear();
      const { b } = (await inStore({ b: PNG })).binary ?? {};
      const { error } = await run(createPost('b, a'), {
        ...item,
        binary: { ...item.binary, b },
      });

      expect(error?.message).toMatch('Input Binary Fields: the file in "a" is gone');
      expect(sandbox.requests).toHaveLength(0);
    });
  });
});
