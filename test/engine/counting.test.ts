/** What a service may count in two ways, with both: characters of texts, and megabytes of files. */
import type { INodeParameters } from 'n8n-workflow';
import { byId, postOfOther } from '../operations/fixture';
import { fileOf } from '../sandbox/testing';
import type { SandboxOptions } from '../sandbox/server';
import { binary } from './support/n8n';
import { useN8n } from './support/useN8n';

const FAMILY = '👩‍👩‍👧‍👦';

const WAYS: SandboxOptions[] = [
  { characters: 'people', megabyte: 'binary' },
  { characters: 'utf16', megabyte: 'decimal' },
];

describe.each(WAYS)('a service that counts by %j', (options) => {
  const { sandbox, fixture, run } = useN8n(options);

  const texts: Array<[string, number, (text: string) => Promise<INodeParameters>]> = [
    ['post', 500, async (content) => ({ resource: 'post', operation: 'create', content })],
    [
      'comment',
      1000,
      async (content) => ({
        ...{ resource: 'comment', operation: 'create', content },
        post: byId((await postOfOther(fixture)).id),
      }),
    ],
  ];

  describe.each(texts)('%s', (_, most, parametersFor) => {
    it('takes a text with emoji that fits either count', async () => {
      const text = 'x'.repeat(most - FAMILY.length) + FAMILY;
      const { json, error } = await run(await parametersFor(text));

      expect(error).toBeUndefined();
      expect(json).toMatchObject([{ content: text }]);
    });

    it('gets no text that only one of them lets pass', async () => {
      const parameters = await parametersFor('x'.repeat(most - 1) + FAMILY);
      sandbox.requests.clear();
      const { error } = await run(parameters);

      expect(error?.message).toBe(
        `Content: has ${most - 1 + FAMILY.length} characters (emoji and some letters count as two or more), but at most ${most} are allowed.`,
      );
      expect(sandbox.requests).toHaveLength(0);
    });
  });

  const uploads: Array<[INodeParameters, number]> = [
    [{ resource: 'media', operation: 'uploadImage' }, 10],
    [{ resource: 'profile', operation: 'uploadAvatar' }, 5],
  ];
  const image = (bytes: number) => ({
    input: [
      { json: {}, binary: { data: binary(fileOf('image/png', bytes), 'a.png', 'image/png') } },
    ],
  });

  describe.each(uploads)('%j', (parameters, megabytes) => {
    it('takes a file that fits either megabyte', async () => {
      const { error } = await run(parameters, image(megabytes * 1_000_000));
      expect(error).toBeUndefined();
    });

    it('gets no file that only one of them lets pass', async () => {
      sandbox.requests.clear();
      const { error } = await run(parameters, image(megabytes * 1_000_000 + 1));

      expect(error?.message).toContain(
        `has ${megabytes},000,001 bytes, but at most ${megabytes} MB (${megabytes},000,000 bytes) are allowed.`,
      );
      expect(sandbox.requests).toHaveLength(0);
    });
  });
});
