import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import {
  type Download,
  type DownloadOptions,
  type DownloadProblem,
  openDownload,
} from '../../../../nodes/ImagineAnything/transport/download';

/** What a file host answers. */
export interface Answer {
  status: number;
  location?: unknown;
}

type Lookup = (
  hostname: string,
  options: object,
  done: (error: Error | null, found?: unknown) => void,
) => void;

export interface Internet {
  /** What is at a URL; what is thrown instead. */
  pages?: Record<string, Answer | (() => never)>;
  /** The addresses of a name, or the error of the look-up; without it, n8n has no filter. */
  names?: Record<string, string[] | Error>;
}

/** The functions of a node, as n8n 2.41.1 has them, and what was asked and closed. */
export function internetOf({ pages = {}, names }: Internet = {}) {
  const asked: IHttpRequestOptions[] = [];
  const bodies: Readable[] = [];
  const filters: string[] = [];
  const lookup: Lookup = (hostname, _options, done) => {
    const found = names?.[hostname];
    if (found instanceof Error) done(found);
    else
      done(
        null,
        found?.map((address) => ({ address, family: 4 })),
      );
  };
  const helpers = {
    httpRequest: async (options: IHttpRequestOptions) => {
      asked.push(options);
      const page = pages[options.url] ?? { status: 200 };
      if (typeof page === 'function') return page();
      const body = Readable.from([Buffer.from('file')]);
      bodies.push(body);
      const headers = page.location === undefined ? {} : { location: page.location };
      return { statusCode: page.status, headers, body };
    },
    ...(names && {
      getSecureEgressFilter: (mode: string) => {
        filters.push(mode);
        return { createSecureLookup: () => lookup };
      },
    }),
  };
  const context = { helpers } as unknown as IExecuteFunctions;
  const isClosed = () => asked.map(({ abortSignal }) => (abortSignal as AbortSignal).aborted);
  return { context, asked, bodies, filters, isClosed };
}

export const OPTIONS: DownloadOptions = {
  accept: 'image/png',
  isServiceLocal: false,
  signal: new AbortController().signal,
};

/** Opens a download from such an internet. */
export async function open(
  address: string,
  internet: Internet = {},
  options: Partial<DownloadOptions> = {},
): Promise<ReturnType<typeof internetOf> & { result: Download | DownloadProblem }> {
  const fake = internetOf(internet);
  const result = await openDownload(fake.context, new URL(address), { ...OPTIONS, ...options });
  return { ...fake, result };
}
