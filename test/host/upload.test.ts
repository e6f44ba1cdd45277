/** Uploads from every place where n8n keeps binary data. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFixture, type Fixture } from '../operations/fixture';
import type { Execution } from './client';
import { failure } from './executions';
import { useN8n } from './useN8n';
import { MANUAL, binaryFile, chain, imagineAnything, manualTrigger } from './workflows';

const CREDENTIAL = 'imagineAnythingApi';

/** The workflow setting with which n8n keeps files in the JSON of an item. */
const COMBINED = { binaryMode: 'combined' };

/** Some chunks long, and no two of them alike. */
const VIDEO = Buffer.concat([
  Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1'),
  ...Array.from({ length: 200_000 }, (_, index) => Buffer.from(String(index))),
]);

/** `default` is the memory of the execution (n8n 2.41.1). */
describe.each(['default', 'filesystem', 'database'])('binary data mode %s', (mode) => {
  const { host, sandbox } = useN8n({ env: { N8N_DEFAULT_BINARY_DATA_MODE: mode } });
  let fixture: Fixture;
  let credential: { id: string; name: string };

  beforeAll(async () => {
    fixture = createFixture(sandbox);
    const { clientId, clientSecret } = fixture.me;
    credential = await host.client.createCredential({
      name: 'Agent',
      type: CREDENTIAL,
      data: { baseUrl: sandbox.url, clientId, clientSecret },
    });
  });

  async function createByte(field = 'data', settings = {}): Promise<Execution> {
    const workflow = chain(
      'Upload',
      manualTrigger,
      ...binaryFile(VIDEO, 'video.mp4', 'video/mp4'),
      imagineAnything('Upload', {
        parameters: { resource: 'byte', operation: 'create', binaryPropertyName: field },
        credentials: { [CREDENTIAL]: credential },
      }),
    );
    const { id } = await host.client.createWorkflow({
      ...workflow,
      settings: { ...workflow.settings, ...settings },
    });
    return await host.client.runToEnd(id, MANUAL);
  }

  const sendings = () => sandbox.requests.of('mediaUploadVideo').length;
  const sha256 = createHash('sha256').update(VIDEO).digest('hex');

  test('a video arrives whole and becomes one byte', async () => {
    const execution = await createByte();

    expect(failure(execution)).toBeUndefined();
    expect(storedMode(execution)).toBe(mode);
    expect([...sandbox.state.media.values()]).toMatchObject([{ sha256, contentType: 'video/mp4' }]);
    expect(sandbox.state.bytes.size).toBe(1);
    expect(sendings()).toBe(1);
  }, 60_000);

  test('a token that expires under an upload costs a second sending', async () => {
    const { media, bytes } = sandbox.state;
    const before = { media: media.size, bytes: bytes.size, sendings: sendings() };
    sandbox.faults.add({
      match: { operationId: 'mediaUploadVideo' },
      fault: { kind: 'expire-token' },
    });
    const execution = await createByte();

    expect(failure(execution)).toBeUndefined();
    expect([...media.values()].slice(before.media)).toMatchObject([{ sha256 }]);
    expect(bytes.size).toBe(before.bytes + 1);
    expect(sendings()).toBe(before.sendings + 2);
  }, 60_000);

  test('a video from a URL arrives whole, and only once', async () => {
    const file = await serveFile(VIDEO);
    try {
      const { media } = sandbox.state;
      const before = media.size;
      const workflow = chain(
        'Upload from a URL',
        manualTrigger,
        imagineAnything('Upload', {
          parameters: {
            ...{ resource: 'byte', operation: 'create', videoSource: 'url' },
            fileUrl: file.url,
          },
          credentials: { [CREDENTIAL]: credential },
        }),
      );
      const { id } = await host.client.createWorkflow(workflow);
      const execution = await host.client.runToEnd(id, MANUAL);

      expect(failure(execution)).toBeUndefined();
      const arrived = [...media.values()].slice(before);
      expect(arrived).toMatchObject([{ sha256, contentType: 'video/mp4', filename: 'my.mp4' }]);
      expect(file.requests).toHaveLength(1);
      expect(file.requests[0].authorization).toBeUndefined();
    } finally {
      file.close();
    }
  }, 60_000);

  const inMemory = mode === 'default';

  const ways: Array<[string, string, object]> = [
    ['the file of another node', "={{ $('File').item.binary.data }}", {}],
    // n8n leaves it where it was when it keeps files in memory.
    ['a name, with files in the JSON of the item', 'data', COMBINED],
  ];
  if (!inMemory) {
    ways.push(
      ['the file of the item', '={{ $binary.data }}', {}],
      ['a path, with files in the JSON of the item', '_files.data', COMBINED],
      ['a file in the JSON of the item', '={{ $json._files.data }}', COMBINED],
    );
  }

  test.each(ways)(
    'the video is given as %s',
    async (_, field, settings) => {
      const { media } = sandbox.state;
      const before = media.size;
      const execution = await createByte(field, settings);

      expect(failure(execution)).toBeUndefined();
      const [item] = execution.data.resultData.runData.File[0].data?.main[0] ?? [];
      expect('_files' in (item?.json ?? {})).toBe(settings === COMBINED && !inMemory);
      expect([...media.values()].slice(before)).toMatchObject([{ sha256 }]);
    },
    60_000,
  );
});

/** Where n8n put the file of an execution. */
function storedMode(execution: Execution): string {
  const [item] = execution.data.resultData.runData.File[0].data?.main[0] ?? [];
  const id = item?.binary?.data.id;
  if (id === undefined) return 'default';
  return id.startsWith('filesystem') ? 'filesystem' : id.split(':')[0];
}

/** A file host that does not say how long its file is. */
async function serveFile(content: Buffer) {
  const requests: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    requests.push(headers);
    response.write(content.subarray(0, 1000));
    response.end(content.subarray(1000));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/my.mp4`, requests, close: () => server.close() };
}
