import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { BinaryDataBlobManager, BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';
import type { CaseFile } from '../../operations/fixture';

/** The container that n8n-core looks its services up in: a copy of its own, which Jest must load as well. */
const { Container } = jest.requireActual<{
  Container: { get(type: typeof BinaryDataService): BinaryDataService };
}>(createRequire(require.resolve('n8n-core')).resolve('@n8n/di'));

const MODE = 'filesystem-v2';

/** n8n's store of binary data, which keeps here in memory what it otherwise keeps on the disk. */
export class StoredFiles {
  private readonly contents = new Map<string, Buffer>();

  private openings = Infinity;

  constructor() {
    const { contents } = this;
    const write = async (key: string, content: Buffer | Readable) => {
      const buffer = Buffer.isBuffer(content)
        ? content
        : Buffer.concat((await content.toArray()) as Buffer[]);
      contents.set(key, buffer);
      return buffer.length;
    };
    const store = {
      write,
      read: async (key: string) => contents.get(key),
      readStream: async (key: string) => {
        if (this.openings-- <= 0) contents.clear();
        const content = contents.get(key);
        return content && Readable.from([content]);
      },
    };
    const manager = new BinaryDataBlobManager(store as never, undefined as never);
    Container.get(BinaryDataService).setManager(MODE, manager);
  }

  /** Stores a file as the output of a node. */
  async save({ content, fileName, mimeType }: CaseFile): Promise<IBinaryData> {
    this.openings = Infinity;
    return await Container.get(BinaryDataService).store(
      { type: 'execution', workflowId: 'workflow', executionId: '1' },
      content,
      { data: '', fileName, mimeType },
    );
  }

  /**
   * Deletes all contents, as n8n does with those of old executions.
   *
   * @param openings how often a file may still be opened before
   */
  clear(openings = 0): void {
    this.openings = openings;
    if (openings === 0) this.contents.clear();
  }

  /** Takes the store away: n8n keeps files in memory again. */
  remove(): void {
    Container.get(BinaryDataService).setManager(MODE, undefined as never);
  }
}
