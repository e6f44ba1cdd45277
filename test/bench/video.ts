import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const MEBIBYTE = 1024 * 1024;

/** The box that an MP4 file begins with. */
const START = Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1');

/** A video of any size that is never in memory as a whole. */
export interface Video {
  size: number;
  /** SHA-256 in hex. */
  sha256: string;
  chunks(): Generator<Buffer>;
}

/** Makes a file that begins as an MP4 does; the rest differs from place to place. */
export function videoOf(size: number): Video {
  function* chunks(): Generator<Buffer> {
    const chunk = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent < size; sent += chunk.length) {
      chunk.fill(sent / chunk.length);
      if (sent === 0) START.copy(chunk);
      // A copy, because the chunk is still being sent when the next one is made.
      yield Buffer.from(chunk.subarray(0, size - sent));
    }
  }
  const hash = createHash('sha256');
  for (const chunk of chunks()) hash.update(chunk);
  return { size, sha256: hash.digest('hex'), chunks };
}

/** A server on loopback that n8n downloads videos from. */
export interface VideoServer {
  /** @returns where n8n finds it */
  address(name: string): string;
  close(): Promise<void>;
}

/** Serves videos by their names, as fast as they are read. */
export async function serveVideos(videos: Readonly<Record<string, Video>>): Promise<VideoServer> {
  const server = createServer((request, response) => {
    const video = videos[request.url?.slice(1) ?? ''];
    if (!video) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'video/mp4', 'Content-Length': video.size });
    void (async () => {
      for (const chunk of video.chunks()) {
        if (!response.write(chunk)) await once(response, 'drain');
      }
      response.end();
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: (name) => `http://127.0.0.1:${port}/${name}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
