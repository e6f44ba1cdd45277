/** Several items with a URL each, and executions of them that end early or run again. */
import { uploads } from '../operations/media';
import { PNG } from '../operations/fixture';
import { itemsOf, UPLOAD_EACH, useDownloads } from './support/downloads';

describe('files from URLs', () => {
  const { sandbox, fixture, files, run } = useDownloads();

  describe('several items', () => {
    it('are all sent when all are right', async () => {
      const addresses = ['/a', '/b', '/c', '/d', '/e', '/f'].map((path) =>
        files.serve(path, PNG.content),
      );
      const { error, json } = await run(UPLOAD_EACH, { input: itemsOf(addresses) });

      expect(error).toBeUndefined();
      expect(json).toHaveLength(6);
      expect(uploads(fixture).map(({ filename }) => filename)).toEqual(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.png`),
      );
      expect(files.mostOpen).toBeLessThanOrEqual(4);
    });

    it('are not sent when one is refused', async () => {
      const addresses = [files.serve('/a', PNG.content), `${files.url}/none`];
      const { error } = await run(UPLOAD_EACH, { input: itemsOf([...addresses, addresses[0]]) });

      expect(error?.message).toMatch('/none" was not found');
      expect(error?.context?.itemIndex).toBe(1);
      expect(error?.description).toBe(
        'Nothing was sent. Correct the value of this field in the node.',
      );
      expect(sandbox.requests).toHaveLength(0);
    });

    it('are sent without the refused one when the node continues', async () => {
      const addresses = [`${files.url}/none`, files.serve('/a', PNG.content)];
      const settings = { onError: 'continueRegularOutput' } as const;
      const { json } = await run(UPLOAD_EACH, { input: itemsOf(addresses), settings });

      expect(json).toMatchObject([{ error: expect.stringMatching('was not found') }, {}]);
      expect(uploads(fixture)).toHaveLength(1);
    });

    it('are downloaded no more at once than reads go out', async () => {
      const addresses = ['/a', '/b', '/c'].map((path) => files.serve(path, PNG.content));
      const { error } = await run(
        { ...UPLOAD_EACH, options: { concurrency: 1 } },
        { input: itemsOf(addresses) },
      );

      expect(error).toBeUndefined();
      expect(files.mostOpen).toBe(1);
    });
  });

  it('ends at once, and sends nothing, when the execution is cancelled', async () => {
    const controller = new AbortController();
    const address = files.serve('/drip', (response) => {
      response.write(PNG.content, () => controller.abort());
      const timer = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const { items } = await run(UPLOAD_EACH, {
      input: itemsOf([address, address]),
      signal: controller.signal,
    });
    await files.idle();

    expect(items).toEqual([]);
    expect(sandbox.requests).toHaveLength(0);
  });

  it('sends a file that was sent before only once when n8n runs the node again', async () => {
    // A host that makes a new picture each time, as image generators do.
    let pictures = 0;
    const address = files.serve('/random', (response) => {
      pictures += 1;
      response.end(Buffer.concat([PNG.content, Buffer.alloc(pictures)]));
    });
    sandbox.faults.add({
      match: { operationId: 'mediaUploadImage' },
      skip: 1,
      fault: { kind: 'status', status: 400 },
    });
    const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
    const { error } = await run(UPLOAD_EACH, {
      input: itemsOf([address, `${address}?second`]),
      settings,
    });

    expect(error).toBeUndefined();
    expect(uploads(fixture)).toHaveLength(2);
  });
});
