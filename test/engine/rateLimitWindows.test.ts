/** The published rate limits, in both kinds of window: everything is done, and hardly a request is refused. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { byId, postOfOther } from '../operations/fixture';
import type { SandboxOptions } from '../sandbox/server';
import { binary, type RunResult } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

const WINDOWS: Array<[string, SandboxOptions]> = (['sliding', 'fixed'] as const).flatMap((window) =>
  (['epoch-seconds', 'epoch-milliseconds'] as const).map((resetForm): [string, SandboxOptions] => [
    `a ${window} window, reset in ${resetForm}`,
    { window, resetForm },
  ]),
);

describe.each(WINDOWS)('%s', (_, options) => {
  useOwnClock();
  const { sandbox, fixture, run, restart } = useN8n({ sandboxPer: 'test' });
  let post: string;

  beforeEach(async () => {
    await restart(options);
    post = (await postOfOther(fixture)).id;
  });

  const items = (count: number): INodeExecutionData[] =>
    Array.from({ length: count }, (_, index) => ({
      json: { text: `Text ${index}` },
      binary: { data: binary(PNG, `${index}.png`, 'image/png') },
    }));
  const runAll = async (parameters: IDataObject, count: number): Promise<RunResult> =>
    await run(parameters as never, { input: items(count) });

  const reads = async (count: number) =>
    await runAll({ resource: 'post', operation: 'get', post: byId(post) }, count);
  const writes = async (count: number) =>
    await runAll(
      { resource: 'comment', operation: 'create', post: byId(post), content: '={{ $json.text }}' },
      count,
    );
  const uploads = async (count: number) =>
    await runAll({ resource: 'media', operation: 'uploadImage' }, count);
  const postsWithPicture = async (count: number) =>
    await runAll(
      {
        resource: 'post',
        operation: 'create',
        content: '={{ $json.text }}',
        additionalFields: { binaryFields: 'data' },
      },
      count,
    );

  const expectAll = (runs: RunResult[], counts: number[]) => {
    expect(runs.map(({ error }) => error)).toEqual(runs.map(() => undefined));
    expect(runs.map(({ json }) => json.length)).toEqual(counts);
    expect(sandbox.rateLimited).toBeLessThanOrEqual(
      counts.reduce((sum, count) => sum + count, 0) / 100,
    );
  };

  it('250 reads, 75 writes, 25 uploads and 12 posts with a picture, one after the other', async () => {
    const runs = [
      await reads(250),
      await writes(75),
      await uploads(25),
      await postsWithPicture(12),
    ];
    expectAll(runs, [250, 75, 25, 12]);
    expect(sandbox.state.media.size).toBe(37);
  });

  it('all of them in two executions at once', async () => {
    const mixed = async () => [
      await reads(125),
      await writes(37),
      await uploads(12),
      await postsWithPicture(6),
    ];
    const [first, second] = await Promise.all([mixed(), mixed()]);
    expectAll([...first, ...second], [125, 37, 12, 6, 125, 37, 12, 6]);
    expect(sandbox.state.media.size).toBe(36);
  });
});
