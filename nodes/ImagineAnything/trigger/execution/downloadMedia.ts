import type { IBinaryKeyData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { MEGABYTE } from '../../engine/files';
import { storeFileFromUrl } from '../../engine/fileFromUrl';
import { timeoutFor } from '../../transport/sendOnce';
import { MEDIA_KEYS } from '../assumptions';
import type { TriggerEvent } from '../events/event';
import { messageOf } from '../text';

/** More than a post has. */
const MAX_FILES = 10;
const LATE = 'The rest was not downloaded because the files before it took too long.';

/**
 * Adds the pictures and videos of what an event is about to its item, as the binary fields `media_0`, `media_1` and so on.
 *
 * @param context the functions of the running node
 * @param itemIndex which item
 * @param item the item of the event
 * @param maxMegabytes how large a file may be
 * @param end when the last download may begin, on the monotonic clock: whoever posts chooses what the files are
 * @returns the item with what could be downloaded; `mediaError` says why something could not. Never throws unless the
 *   execution is cancelled: an event must not be lost because its files are not available.
 */
export async function withMedia(
  context: IExecuteFunctions,
  itemIndex: number,
  item: INodeExecutionData,
  maxMegabytes: number,
  end = Infinity,
): Promise<INodeExecutionData> {
  const urls = mediaUrlsOf(item.json as TriggerEvent);
  const binary: IBinaryKeyData = {};
  const errors: string[] = [];
  // One after the other: a video is large.
  for (const [index, url] of urls.entries()) {
    if (performance.now() > end) {
      errors.push(LATE);
      break;
    }
    try {
      binary[`media_${index}`] = await download(context, itemIndex, url, maxMegabytes * MEGABYTE);
    } catch (error) {
      if (context.getExecutionCancelSignal()?.aborted) throw asError(error);
      errors.push(messageOf(error));
    }
  }
  if (urls.length === 0) return item;
  const mediaError = errors.length === 0 ? {} : { mediaError: errors.join(' ') };
  return { ...item, json: { ...item.json, ...mediaError }, binary };
}

/** The URLs of the files of a post, a byte, a comment or a message, each once. */
export function mediaUrlsOf({ post, byte, comment, message }: TriggerEvent): string[] {
  const subjects = [post, byte, comment, message].filter((each) => each !== undefined);
  const urls = subjects
    .flatMap((subject) => MEDIA_KEYS.flatMap((key): unknown[] => [subject[key]].flat()))
    .filter((value) => typeof value === 'string' && value !== '') as string[];
  return [...new Set(urls)].slice(0, MAX_FILES);
}

async function download(
  context: IExecuteFunctions,
  itemIndex: number,
  url: string,
  maxBytes: number,
) {
  const displayName = 'Media';
  const { stored, name, mimeType, extension } = await storeFileFromUrl(context, itemIndex, url, {
    displayName,
    allowed: (['image', 'video'] as const).map((accepts) => ({ displayName, accepts, maxBytes })),
    timeoutMs: timeoutFor(maxBytes),
    lateAdvice: 'Lower Maximum Media Size in the options of the trigger, or fetch it later.',
  });
  return { ...stored, fileName: name, mimeType, fileExtension: extension };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
