/** A video whose upload does not say whether it is processed: the list of files may say so, or publishing. */
import {
  operationNamed,
  type Played,
  play,
  refused,
  type Step,
  stopped,
  useOwnClock,
} from './script';

useOwnClock();

const create = operationNamed('Post', 'Create');
const UPLOAD = 'Upload video';
const LIST = 'Get many uploaded files';
const CREATE = 'Create post';

const listed = (file: Readonly<Record<string, string>>): Step => {
  return () => [file];
};
const done: Step = () => ({ id: 'p1' });

const run = async (
  list: Step | readonly Step[],
  publish: Step | readonly Step[] = done,
): Promise<Played> =>
  await play(
    create.recipe,
    create,
    { binaryFields: ['v'] },
    {
      [UPLOAD]: () => ({ id: 'v1' }),
      [LIST]: list,
      [CREATE]: publish,
      'Delete uploaded file': () => ({}),
    },
    { v: 'video/mp4' },
  );

it('is waited for where the list of files says that it is processed', async () => {
  const { items, did } = await run([
    listed({ id: 'v1', status: 'processing' }),
    listed({ id: 'v1', status: 'ready' }),
  ]);
  expect(items).toEqual([{ id: 'p1' }]);
  expect(did).toEqual([UPLOAD, LIST, 'wait 3000', LIST, CREATE]);
});

it('is published again where only the refusal says that it is processed', async () => {
  const notReady = refused(409, 'media_processing');
  const { items, did } = await run(listed({ id: 'v1' }), [notReady, done]);
  expect(items).toEqual([{ id: 'p1' }]);
  expect(did).toEqual([UPLOAD, LIST, CREATE, 'wait 3000', CREATE]);
});

it.each([
  ['cannot be read', refused(403, 'forbidden')],
  ['does not have it', listed({ id: 'v2', status: 'processing' })],
])('is published where the list of files %s', async (_, list) => {
  const { items, did } = await run(list);
  expect(items).toEqual([{ id: 'p1' }]);
  expect(did).toEqual([UPLOAD, LIST, CREATE]);
});

it('is not published when the execution is stopped while its state is looked up', async () => {
  const { did } = await run(stopped);
  expect(did).toEqual([UPLOAD, LIST, 'Delete uploaded file']);
});
