import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Busboy } from '@fastify/busboy';
import fc from 'fast-check';
import { MultipartBody } from '../../../nodes/ImagineAnything/transport/multipart';
import { anyText, RUNS } from '../properties';

/** The HTTP library to which n8n hands a form as it is. */
const axios = createRequire(require.resolve('n8n-core'))('axios') as {
  post(url: string, body: object): Promise<{ data: Part[] }>;
};

interface Part {
  name: string;
  content: string;
  fileName?: string;
  mimeType?: string;
}

/** Reads a form as a service does that keeps to the standard. */
async function partsOf(request: IncomingMessage): Promise<Part[]> {
  const parts: Part[] = [];
  const parser = new Busboy({
    headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
    preservePath: true,
  });
  parser.on('field', (name, content) => parts.push({ name, content }));
  parser.on('file', (name, stream, fileName, _encoding, mimeType) => {
    const part: Part = { name, content: '', fileName, mimeType };
    parts.push(part);
    stream.on('data', (chunk: Buffer) => (part.content += chunk.toString('latin1')));
  });
  request.pipe(parser);
  await once(parser, 'finish');
  return parts;
}

const server = createServer((request, response) => {
  partsOf(request).then(
    (parts) => response.end(JSON.stringify(parts)),
    (error: Error) => response.writeHead(400).end(error.message),
  );
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const hostile = fc
  .array(
    fc.constantFrom(
      '"',
      '\r',
      '\n',
      '\0',
      '\\',
      ';',
      '--',
      'a',
      '\ud83d',
      '\udc00',
      'filename="x"',
    ),
    { minLength: 1 },
  )
  .map((parts) => parts.join(''));

const anyFile = fc.record({
  name: fc.oneof(anyText, hostile),
  content: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
});

// Ten thousand requests take a busy machine longer than the usual deadline.
jest.setTimeout(180_000);

it('keeps its parts apart, whatever files and fields are called and hold', async () => {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const field = fc.oneof(anyText, hostile);
  await fc.assert(
    fc.asyncProperty(
      field,
      fc.array(anyFile, { minLength: 1, maxLength: 2 }),
      async (text, files) => {
        const form = new MultipartBody();
        form.append('purpose', text);
        for (const { name, content } of files) {
          const open = async () => content;
          form.append('file', { name, mimeType: 'image/png', size: content.length, open });
        }
        const { data: parts } = await axios.post(url, form);

        const lines = text.toWellFormed().replace(/\r?\n|\r/g, '\r\n');
        expect(parts[0]).toEqual({ name: 'purpose', content: lines });
        expect(parts.slice(1)).toEqual(
          files.map(({ content }) => ({
            name: 'file',
            content: content.toString('latin1'),
            fileName: expect.any(String) as string,
            mimeType: 'image/png',
          })),
        );
        const harmless = /^[^\p{Cc}"\\]+$/u;
        for (const [index, { name }] of files.entries()) {
          const { fileName = '' } = parts[index + 1];
          expect(fileName).toMatch(harmless);
          if (harmless.test(name) && name.isWellFormed()) expect(fileName).toBe(name);
        }
      },
    ),
    RUNS,
  );
});
