/** The bytes of a form, as they go over the connection, and again when it is sent again. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { MultipartBody, type UploadFile } from '../../../nodes/ImagineAnything/transport/multipart';

/** The HTTP library to which n8n hands a form as it is. */
const axios = createRequire(require.resolve('n8n-core'))('axios') as {
  post(url: string, body: object): Promise<unknown>;
};

interface Received {
  type: string;
  length?: string;
  body: string;
}

const received: Received[] = [];
const server = createServer((request, response) => {
  const { 'content-type': type = '', 'content-length': length } = request.headers;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push({ type, length, body: Buffer.concat(chunks).toString('latin1') });
    response.end('{}');
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => received.splice(0));
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

function file(content: Buffer, changes: Partial<UploadFile> = {}): UploadFile {
  return {
    name: 'a.png',
    mimeType: 'image/png',
    size: content.length,
    open: async () => content,
    ...changes,
  };
}

function formOf(...parts: Array<[string, string | UploadFile]>): MultipartBody {
  const form = new MultipartBody();
  for (const [name, value] of parts) form.append(name, value);
  return form;
}

/** Any bytes, more than are sent in one piece. */
const CONTENT = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256));

it('are those of the standard, with a length that is right', async () => {
  const form = formOf(['purpose', 'Ein Bild'], ['file', file(CONTENT)]);
  await axios.post(url(), form);

  const [{ type, length, body }] = received;
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(type)?.[1];
  const disposition = 'Content-Disposition: form-data;';
  expect(body).toBe(
    [
      `--${boundary}`,
      `${disposition} name="purpose"`,
      '',
      'Ein Bild',
      `--${boundary}`,
      `${disposition} name="file"; filename="a.png"`,
      'Content-Type: image/png',
      '',
      CONTENT.toString('latin1'),
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  );
  expect(Number(length)).toBe(body.length);
});

it('are complete again each time, and the file is opened anew', async () => {
  const open = jest.fn(async () =>
    (async function* () {
      yield CONTENT.subarray(0, 70_000);
      yield CONTENT.subarray(70_000);
    })(),
  );
  const form = formOf(['file', file(CONTENT, { open })]);
  await axios.post(url(), form);
  await axios.post(url(), form);

  expect(open).toHaveBeenCalledTimes(2);
  for (const { body } of received) expect(body).toContain(CONTENT.toString('latin1'));
});

describe('the name of a file', () => {
  const nameOf = (name: string) => [...formOf(['file', file(CONTENT, { name })])][0][1];

  it.each([
    ['cat.png', 'cat.png'],
    ['猫 😀.png', '猫 😀.png'],
    ['a"b\\c\r\nd\0.png', 'a_b_c__d_.png'],
    ['\ud83d.png', '_.png'],
    ['', 'file'],
    [`${'a'.repeat(300)}.png`, `${'a'.repeat(251)}.png`],
  ])('%j goes out as %j', (name, sent) => expect(nameOf(name)).toMatchObject({ name: sent }));
});

describe('whether all was sent', () => {
  /** Reads a number of pieces of the first file. */
  async function read(form: MultipartBody, pieces: number) {
    const [[, part]] = [...form.entries()];
    if (typeof part === 'string') throw new Error('not a file');
    const sizes: number[] = [];
    for await (const chunk of part.stream()) {
      sizes.push(chunk.length);
      if (sizes.length === pieces) break;
    }
    return sizes;
  }

  it('is known only when a file was read to its end', async () => {
    const form = formOf(['file', file(CONTENT)]);
    expect(form.isSent).toBe(false);
    // A file that is in memory goes out in pieces, too: else it would count as sent with the first one.
    expect(await read(form, 3)).toEqual([65_536, 65_536, 65_536]);
    expect(form.isSent).toBe(false);
    expect(await read(form, Infinity)).toEqual([65_536, 65_536, 65_536, 3392]);
    expect(form.isSent).toBe(true);
  });

  it('is forgotten when it is sent again', async () => {
    const form = formOf(['file', file(CONTENT)]);
    await read(form, Infinity);
    await read(form, 1);
    expect(form.isSent).toBe(false);
  });

  it('takes every file, and fields are no matter', async () => {
    expect(formOf(['a', 'b']).isSent).toBe(true);
    const form = formOf(['file', file(CONTENT)], ['file', file(CONTENT)], ['a', 'b']);
    await read(form, Infinity);
    expect(form.isSent).toBe(false);
  });
});

it('a form knows its size', () => {
  const form = formOf(['ab', 'cde'], ['file', file(CONTENT)], ['file', file(Buffer.alloc(5))]);
  expect(form.size).toBe(200_008);
});

it('a form is known again by what the user wants sent', () => {
  const source = 'https://files.example/a.png';
  const form = formOf(
    ['purpose', 'post'],
    ['file', file(CONTENT)],
    // What is there may have another size each time.
    ['file', file(CONTENT, { source })],
  );
  expect(form.summary).toEqual([
    ['purpose', 'post'],
    ['file', 'a.png', 'image/png', 200_000],
    ['file', { source }],
  ]);
});

it('a form passes for the FormData that n8n and its HTTP library know', () => {
  const form = formOf(['a', 'b']);
  expect(Object.prototype.toString.call(form)).toBe('[object FormData]');
  // n8n drops a body without own properties.
  expect(Object.keys(form)).not.toEqual([]);
  expect([...form]).toEqual([...form.entries()]);
});
