/** What the tests of files from a URL share. On this machine that is plain http, and only with a service on it. */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { current } from '../../host/current';
import { type FileServer, startFileServer } from './fileServer';
import { type UsedN8n, useN8n } from './useN8n';

/** Media: Upload Image with the file of a URL. */
export const uploadImage = (fileUrl: string, options = {}): INodeParameters => ({
  ...{ resource: 'media', operation: 'uploadImage', purpose: 'post', fileSource: 'url' },
  fileUrl,
  options,
});

/** The same with the URL of each item. */
export const UPLOAD_EACH = uploadImage('={{ $json.url }}');

/** Items with a URL each. */
export const itemsOf = (urls: string[]): INodeExecutionData[] =>
  urls.map((url) => ({ json: { url } }));

/** {@link UsedN8n} with a file host. */
export interface UsedDownloads extends UsedN8n {
  files: FileServer;
  /**
   * Expects the node to refuse a URL: nothing is sent to the service, and the download is over.
   * @returns what the node says
   */
  refused(fileUrl: string, options?: object): Promise<string | undefined>;
}

/** Starts n8n, and for each test a sandbox and a file host. */
export function useDownloads(): UsedDownloads {
  const used = useN8n({ sandboxPer: 'test' });
  let server: FileServer | undefined;
  const files = current(() => server);

  beforeEach(async () => {
    server = await startFileServer();
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await server?.close();
  });

  return {
    ...used,
    files,
    async refused(fileUrl, options) {
      const { error } = await used.run(uploadImage(fileUrl, options));
      expect(used.sandbox.requests).toHaveLength(0);
      await files.idle();
      return error?.message;
    },
  };
}
