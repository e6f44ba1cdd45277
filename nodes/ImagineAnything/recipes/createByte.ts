import { fileIn, numberIn } from '../engine/parameter';
import { type MediaOperations, publishFiles } from './publishFiles';
import type { Operation, Recipe } from '../engine/operation';

/**
 * Publishes a byte from an uploaded video, or from a file of the item, which is uploaded first.
 *
 * @param uses the operations that it calls
 */
export function createByte(uses: MediaOperations & { uploadVideo: Operation }): Recipe {
  return {
    uses,
    prepare: async ({ operation, values }) => {
      const given = Object.fromEntries(values);
      const file = fileIn(values, 'file');
      if (file === undefined) return async (calls) => [await calls.call(operation, given)];
      const maxWaitMs = numberIn(values, 'maxVideoWait') * 1000;
      return async (calls) => [
        await publishFiles(
          calls,
          uses,
          [{ file, kind: 'video', purpose: 'byte', upload: uses.uploadVideo }],
          maxWaitMs,
          async ([mediaId]) =>
            await calls.call(operation, { ...given, videoSource: 'mediaId', media: mediaId }),
        ),
      ];
    },
  };
}
