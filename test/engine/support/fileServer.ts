import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a file host does with a request for a path. */
type Answer = (response: ServerResponse) => void;

/** A file host on this machine, for what the node downloads. */
export interface FileServer {
  url: string;
  /** What it was asked for, in order. */
  requests: Array<{ path: string; headers: IncomingHttpHeaders }>;
  /** How many downloads are under way. */
  open: number;
  /** The most that were under way at once. */
  mostOpen: number;
  /** Serves an answer under a path, and gives its URL. */
  serve(path: string, answer: Answer | Buffer): string;
  /** Resolves when no download is under way any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a file host; what it is not told to serve is not found. */
export async function startFileServer(): Promise<FileServer> {
  const answers = new Map<string, Answer>();
  let waiting: Array<() => void> = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    files.requests.push({ path, headers: request.headers });
    files.open += 1;
    files.mostOpen = Math.max(files.mostOpen, files.open);
    response.on('close', () => {
      files.open -= 1;
      if (files.open > 0) return;
      waiting.forEach((done) => done());
      waiting = [];
    });
    const answer = answers.get(path.split('?')[0]);
    if (answer) answer(response);
    else response.writeHead(404).end('<!doctype html><title>Not found</title>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const files: FileServer = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    open: 0,
    mostOpen: 0,
    serve(path, answer) {
      const send: Answer = Buffer.isBuffer(answer) ? (response) => response.end(answer) : answer;
      answers.set(path, send);
      return files.url + path;
    },
    async idle() {
      if (files.open > 0) await new Promise<void>((done) => waiting.push(done));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return files;
}

/** Answers with a redirect. */
export function redirectTo(location: string, status = 302): Answer {
  return (response) => response.writeHead(status, { location }).end();
}
