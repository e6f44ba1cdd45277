import { binary, type RunResult } from './support/n8n';
import { useOwnClock } from './support/ownClock';
import { useN8n } from './support/useN8n';

/** More than the buffers of a connection hold: the sandbox answers while most of it is still to be sent. */
const VIDEO = Buffer.concat([
  Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1'),
  Buffer.alloc(24 * 1024 * 1024),
]);

describe('a large upload that is refused before it is sent', () => {
  useOwnClock();
  const { sandbox, run } = useN8n({ sandboxPer: 'test' });

  const createByte = async (): Promise<RunResult> =>
    await run(
      { resource: 'byte', operation: 'create', file: 'data' },
      { input: [{ json: {}, binary: { data: binary(VIDEO, 'video.mp4', 'video/mp4') } }] },
    );

  it('goes out again with a new token when its token had expired', async () => {
    sandbox.faults.add({
      match: { operationId: 'mediaUploadVideo' },
      fault: { kind: 'expire-token' },
    });
    const { error } = await createByte();

    expect(error).toBeUndefined();
    expect(sandbox.requests.of('mediaUploadVideo').map(({ status }) => status)).toEqual([401, 201]);
    expect([...sandbox.state.media.values()]).toMatchObject([{ size: VIDEO.length }]);
    expect(sandbox.state.bytes.size).toBe(1);
    expect(sandbox.tokenExchanges).toHaveLength(2);
  }, 60_000);

  it('fails without a doubt about what became of it when the connection breaks every time', async () => {
    sandbox.faults.add({
      match: { operationId: 'mediaUploadVideo' },
      fault: { kind: 'reset' },
      times: Infinity,
    });
    const { error } = await createByte();

    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^Upload video: the connection was lost before the whole file was sent \((EPIPE|ECONNRESET)\)$/,
      ),
      description: 'The service did not receive the whole file. Run it again.',
    });
    expect(sandbox.requests.of('mediaUploadVideo')).toHaveLength(4);
    expect(sandbox.state.media.size).toBe(0);
  }, 60_000);
});
