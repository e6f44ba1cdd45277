import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { isLoopback, isOnThisMachine } from '../../../credentials/baseUrl';
import { timeoutSignal, untilAborted } from '../../../credentials/http/abort';
import { CREDENTIAL } from '../transport/client';
import { type BodyStream, openDownload } from '../transport/download';
import { formatUrl, nameOfDownload } from '../transport/downloadName';
import { timeoutFor } from '../transport/sendOnce';
import { errorCode } from '../transport/failure';
import { acceptHeader, SAMPLE_BYTES } from '../transport/fileType';
import type { UploadFile } from '../transport/multipart';
import { sleep } from '../../../credentials/http/sleep';
import { findType, openerOf, tooLarge } from './files';
import { MAX_URL_LENGTH } from './references';
import { ParameterError } from './validate';
import type { FileRules } from './parameter';

const RETRY = 'Run it again later.';

/** What a file from a URL must be, and how long it may take. */
export interface UrlFileRules {
  /** The display name of the field with the URL. */
  displayName: string;
  /** One for each kind of file. */
  allowed: readonly FileRules[];
  timeoutMs: number;
  /** What to do when it takes longer: a sentence. */
  lateAdvice: string;
  /** What to do when the URL must not be requested from here: a sentence. */
  forbiddenAdvice?: string;
}

/** A file from a URL in n8n's store of binary data. */
export interface StoredFile {
  stored: IBinaryData;
  name: string;
  /** Of its content. */
  mimeType: string;
  extension: string;
  size: number;
  source: string;
}

/** One download into n8n's store. */
interface Task {
  context: IExecuteFunctions;
  itemIndex: number;
  url: URL;
  /** The file in a message. */
  label: string;
  allowed: readonly FileRules[];
  maxBytes: number;
  forbiddenAdvice?: string;
  /** Ends it when its time is over, or when the execution is cancelled. */
  signal: AbortSignal;
  fail: (problem: string, advice?: string) => never;
}

/**
 * Downloads a file for an upload, and looks at its content and its size while it arrives. It goes into n8n's store
 * of binary data, piece by piece: so all files are checked before the first is sent, an upload can be repeated
 * without a second download, and the length that multipart wants is known even where the host does not say it.
 *
 * @param context the functions of the running node
 * @param itemIndex which item
 * @param given the URL, as an expression or a model gives it
 * @param rules what the file must be
 * @param timeoutMs how long it may take; by default what fits the largest file
 * @throws ParameterError when the URL may not be requested, or gives no such file
 */
export async function takeFileFromUrl(
  context: IExecuteFunctions,
  itemIndex: number,
  given: string,
  rules: FileRules,
  timeoutMs = timeoutFor(rules.maxBytes),
): Promise<UploadFile> {
  const { stored, name, mimeType, size, source } = await storeFileFromUrl(
    context,
    itemIndex,
    given,
    {
      displayName: rules.displayName,
      allowed: [rules],
      timeoutMs,
      lateAdvice: 'Raise Timeout in the options of the node, or try again later.',
      forbiddenAdvice:
        'Get the file with another node, such as HTTP Request, and give its binary field instead.',
    },
  );
  const label = `the file at ${formatUrl(new URL(source))}`;
  return { name, mimeType, size, source, open: openerOf(context, stored, label) };
}

/**
 * Downloads a file into n8n's store, and looks at its content and its size while it arrives.
 *
 * @param context the functions of the running node
 * @param itemIndex which item
 * @param given the URL, as an expression, a model or the service gives it
 * @param rules what the file must be
 * @throws ParameterError when the URL may not be requested, or gives no such file
 */
export async function storeFileFromUrl(
  context: IExecuteFunctions,
  itemIndex: number,
  given: string,
  { displayName, allowed, timeoutMs, lateAdvice, forbiddenAdvice }: UrlFileRules,
): Promise<StoredFile> {
  const fail: Task['fail'] = (problem, advice) => {
    throw new ParameterError(displayName, problem, advice);
  };
  const url = readUrl(given, fail);
  const label = `the file at ${formatUrl(url)}`;
  const cancel = context.getExecutionCancelSignal();
  const signal = timeoutSignal(timeoutMs, cancel);
  const maxBytes = Math.max(...allowed.map((rules) => rules.maxBytes));
  const task = { context, itemIndex, url, label, allowed, maxBytes, forbiddenAdvice, signal, fail };
  return await download(task).catch(async (thrown: unknown) => {
    // n8n recognizes a cancellation by its error.
    if (cancel?.aborted) await sleep(0, cancel);
    if (!signal.aborted) throw thrown;
    return fail(
      `${label} did not arrive within ${Math.ceil(timeoutMs / 100) / 10} seconds. ${lateAdvice}`,
      RETRY,
    );
  });
}

function readUrl(given: string, fail: Task['fail']): URL {
  const text = given.trim();
  if (text.length > MAX_URL_LENGTH) {
    fail(`${formatUrl(text)} is longer than ${MAX_URL_LENGTH} characters.`);
  }
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text)) {
    fail(`${formatUrl(text)} is not a valid URL. It must start with https://.`);
  }
  return new URL(text);
}

async function download(task: Task): Promise<StoredFile> {
  const { context, url, label, allowed, maxBytes, signal, fail } = task;
  const opened = await openDownload(context, url, {
    accept: allowed.map(({ accepts }) => acceptHeader(accepts)).join(', '),
    isServiceLocal: isLoopback(url.hostname) && (await isServiceLocal(task)),
    signal,
  });
  if (opened.problem !== undefined) {
    const advice = opened.isForbidden === true ? task.forbiddenAdvice : undefined;
    const problem = advice === undefined ? opened.problem : `${opened.problem} ${advice}`;
    return fail(problem, opened.isTransient ? RETRY : undefined);
  }
  const { body, headers } = opened;
  try {
    const declared = Number(headers['content-length'] ?? 0);
    if (declared > maxBytes) fail(tooLarge(label, maxBytes, declared));
    const { stored, size, start } = await store(task, body);
    if (size === 0) fail(`${label} is empty.`);
    const type = findType(start, allowed, label);
    if (typeof type === 'string') return fail(type);
    const { mimeType, extension } = type;
    const name = nameOfDownload(headers['content-disposition'], opened.url, extension);
    return { stored, name, mimeType, extension, size, source: url.href };
  } finally {
    opened.close();
  }
}

/** Whether the host of the base URL is this machine, as that of a sandbox does. */
async function isServiceLocal({ context, itemIndex }: Task): Promise<boolean> {
  if (!context.getNode().credentials?.[CREDENTIAL]) return false;
  const { baseUrl } = await context.getCredentials(CREDENTIAL, itemIndex);
  return isOnThisMachine(baseUrl);
}

interface Stored {
  stored: IBinaryData;
  size: number;
  /** Enough of the content to tell its type. */
  start: Buffer;
}

async function store(
  { context, label, allowed, maxBytes, signal, fail }: Task,
  body: BodyStream,
): Promise<Stored> {
  let size = 0;
  let start = Buffer.alloc(0);
  let refusal: string | undefined;
  let isBroken = false;
  const rejectionReason = (chunk: Buffer): string | undefined => {
    size += chunk.length;
    if (size > maxBytes) return tooLarge(label, maxBytes);
    if (start.length >= SAMPLE_BYTES) return undefined;
    start = Buffer.concat([start, chunk.subarray(0, SAMPLE_BYTES)]);
    // The rest of another file is not worth waiting for.
    const type = start.length < SAMPLE_BYTES ? undefined : findType(start, allowed, label);
    return typeof type === 'string' ? type : undefined;
  };
  body.on('error', () => (isBroken = true));
  // In the place of a class of streams, which a community node cannot import.
  const checked = body.map((chunk: Buffer) => {
    refusal = rejectionReason(chunk);
    if (refusal !== undefined) throw new Error(refusal);
    return chunk;
  });
  checked.on('error', () => {});
  try {
    const storing = context.helpers.prepareBinaryData(
      checked,
      undefined,
      'application/octet-stream',
    );
    return { stored: await untilAborted(storing, signal), size, start };
  } catch (thrown) {
    if (refusal !== undefined) return fail(refusal);
    if (isBroken) {
      return fail(`${label} did not arrive as a whole: the connection broke.`, RETRY);
    }
    const code = errorCode((Object(thrown) as { code?: unknown }).code);
    return fail(
      `${label} could not be stored by n8n${code === undefined ? '' : ` (${code})`}. Check where n8n stores binary data.`,
      RETRY,
    );
  } finally {
    checked.destroy();
  }
}
