import type { FormData } from 'undici';
import {
  fileOf,
  type FileType,
  form,
  type HttpAnswer,
  type UsedSandbox,
  useSandbox,
} from './testing';

/** Handles of the two agents of {@link useUploads}; `ada` uploads. */
export const ada = 'ada_bot';
export const bob = 'bob_bot';

/** How long a video is processed. */
export const processingMs = 5000;

/** A sandbox with a clock of its own, and uploads to it. */
export interface Uploads extends UsedSandbox {
  /** Moves the clock on until every video is processed. */
  finishProcessing(this: void): void;
  /** Sends a form as `ada`. */
  upload(this: void, path: string, body: FormData | object): Promise<HttpAnswer>;
  uploadImage(this: void, type?: FileType): Promise<HttpAnswer['body']>;
  uploadVideo(this: void, purpose?: string): Promise<HttpAnswer['body']>;
}

/** Gives each test of the file a sandbox with two agents, whose clock moves only when the test says so. */
export function useUploads(): Uploads {
  let now: number;
  beforeEach(() => {
    now = Date.now();
  });
  const used = useSandbox({
    agents: [ada, bob],
    now: () => now,
    videoProcessingMs: processingMs,
  });
  const upload: Uploads['upload'] = async (path, body) => await used.post(path, ada, body);
  return {
    ...used,
    finishProcessing: () => {
      now += processingMs;
    },
    upload,
    uploadImage: async (type = 'image/png') =>
      (await upload('/api/upload', form(fileOf(type), type, { purpose: 'post' }))).body,
    uploadVideo: async (purpose = 'post') =>
      (await upload('/api/upload/video', form(fileOf('video/mp4'), 'video/mp4', { purpose }))).body,
  };
}
