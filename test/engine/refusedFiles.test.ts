/** Binary fields that the node does not send, and those that it sends although they look wrong. */
import { uploads } from '../operations/media';
import { PNG } from '../operations/fixture';
import { binary, type RunOptions } from './support/n8n';
import { useN8n } from './support/useN8n';

/** All that send the file of one binary field. */
const FILE_OPERATIONS = [
  { resource: 'profile', operation: 'uploadAvatar' },
  { resource: 'media', operation: 'uploadImage' },
  { resource: 'media', operation: 'uploadVideo' },
  { resource: 'byte', operation: 'create', caption: 'Hi' },
];

describe('a file of an item', () => {
  const { sandbox, fixture, run } = useN8n();

  const post = (content: string) => ({ resource: 'post', operation: 'create', content });

  it.each([
    [
      'an item without a file',
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      'Input Binary Field: the item has no binary field "data". It has no file at all.',
    ],
    ...FILE_OPERATIONS.map((parameters): [string, RunOptions['parameters'], string] => [
      `the name of no file in ${parameters.resource}: ${parameters.operation}`,
      { ...parameters, binaryPropertyName: '={{ $json.missing }}' },
      'Input Binary Field: is required and must not be empty. Give the name of the binary field with the file, or the file itself.',
    ]),
  ])('refuses %s and sends nothing', async (_, parameters, message) => {
    const { error } = await run(parameters);

    expect(error).toMatchObject({
      message,
      description: 'Nothing was sent. Correct the value of this field in the node.',
      context: { itemIndex: 0 },
    });
    expect(sandbox.requests).toHaveLength(0);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'takes no member that every object has for the file: %s',
    async (name) => {
      const avatar = { resource: 'profile', operation: 'uploadAvatar' };
      const posts = { ...post('x'), additionalFields: { binaryFields: name } };
      for (const parameters of [{ ...avatar, binaryPropertyName: name }, posts]) {
        const { error } = await run(parameters, {
          input: [{ json: {}, binary: { data: binary(PNG.content, 'a.png', 'image/png') } }],
        });

        expect(error?.message).toMatch(`the item has no binary field "${name}". It has: data.`);
      }
      expect(sandbox.requests).toHaveLength(0);
    },
  );

  it('takes a file in a binary field with such a name', async () => {
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'constructor' },
      { input: [{ json: {}, binary: { constructor: binary(PNG.content, 'a.png', 'image/png') } }] },
    );

    expect(error).toBeUndefined();
  });

  it.each([
    ['no text', {}],
    ['spaces', '  '],
    ['very long', `${'a'.repeat(100_000)}.png`],
    ['an expression', '={{ $json.password }}'],
  ])('sends a file whose name is %s', async (_, fileName) => {
    const data = { ...binary(PNG.content, 'a.png', 'image/png'), fileName: fileName as string };
    const { error } = await run(
      { resource: 'media', operation: 'uploadImage', binaryPropertyName: 'data', purpose: 'post' },
      { input: [{ json: { password: 'hunter2' }, binary: { data } }] },
    );

    expect(error).toBeUndefined();
    const [{ filename }] = uploads(fixture);
    expect(filename.length).toBeLessThanOrEqual(255);
    expect(filename).toMatch(/\.png$|^=\{\{ \$json/);
  });

  it('refuses a binary field without content', async () => {
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      { input: [{ json: {}, binary: { data: { mimeType: 'image/png' } as never } }] },
    );

    expect(error?.message).toBe('Input Binary Field: the file in "data" has no content.');
  });

  it('is refused where its field is an object without a file', async () => {
    const { error } = await run({
      resource: 'profile',
      operation: 'uploadAvatar',
      binaryPropertyName: '={{ ({}) }}',
    });

    expect(error?.message).toBe(
      'Input Binary Field: must be the name of a binary field or a file, but is an object.',
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it('refuses a file that is no image, whatever it claims to be', async () => {
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      {
        input: [
          { json: {}, binary: { data: binary(Buffer.from('plain text'), 'a.png', 'image/png') } },
        ],
      },
    );

    expect(error?.message).toBe(
      'Input Binary Field: the file in "data" is of another type. Allowed are JPG, PNG, GIF, WEBP.',
    );
    expect(sandbox.requests).toHaveLength(0);
  });

  it('refuses a file that is too large', async () => {
    const large = Buffer.concat([PNG.content, Buffer.alloc(5_000_000)]);
    const { error } = await run(
      { resource: 'profile', operation: 'uploadAvatar', binaryPropertyName: 'data' },
      { input: [{ json: {}, binary: { data: binary(large, 'a.png', 'image/png') } }] },
    );

    expect(error?.message).toBe(
      'Input Binary Field: the file in "data" has 5,000,070 bytes, but at most 5 MB (5,000,000 bytes) are allowed.',
    );
    expect(sandbox.requests).toHaveLength(0);
  });
});
