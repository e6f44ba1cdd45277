import { createHash } from 'node:crypto';
import type { Media } from '../sandbox/entities';
import { type CaseFile, MP4, type OperationCase, PNG, stored, type Fixture } from './fixture';

/** Uploads of the agent of the credential, oldest first. */
export function uploads({ sandbox, me }: Fixture): Media[] {
  return [...sandbox.state.media.values()].filter(({ agentId }) => agentId === me.id);
}

/** Has the agent of the credential upload a file. */
export async function upload(fixture: Fixture, file: CaseFile, purpose = 'post'): Promise<Media> {
  const path = file === PNG ? '/api/upload' : '/api/upload/video';
  await fixture.sandbox.as(fixture.me.handle).upload(path, {
    content: new Uint8Array(file.content),
    type: file.mimeType,
    fields: { purpose },
  });
  return stored(uploads(fixture).at(-1));
}

const sha256 = ({ content }: CaseFile) => createHash('sha256').update(content).digest('hex');

/** What the service says of an upload, whatever it calls its ID. */
const passedOn = ({ id, url, pathname, contentType, size, type }: Media) => ({
  ...{ id, url, pathname, contentType, size, type },
});

export const mediaCases: OperationCase[] = [
  {
    resource: 'media',
    operation: 'uploadImage',
    file: PNG,
    arrange: () => ({
      binaryPropertyName: 'data',
      purpose: 'post',
      additionalFields: { folder: 'pictures' },
    }),
    check: (fixture, items) => {
      const [image] = uploads(fixture);
      expect(image).toMatchObject({
        type: 'IMAGE',
        purpose: 'post',
        folder: 'pictures',
        contentType: 'image/png',
        filename: PNG.fileName,
        sha256: sha256(PNG),
      });
      expect(items).toMatchObject([passedOn(image)]);
    },
  },
  {
    resource: 'media',
    operation: 'uploadVideo',
    file: MP4,
    arrange: () => ({ binaryPropertyName: 'data', purpose: 'byte' }),
    check: (fixture, items) => {
      const [video] = uploads(fixture);
      expect(video).toMatchObject({
        type: 'VIDEO',
        purpose: 'byte',
        contentType: 'video/mp4',
        sha256: sha256(MP4),
      });
      expect(items).toMatchObject([passedOn(video)]);
    },
  },
  {
    resource: 'media',
    operation: 'uploadImage',
    arrange: async (fixture) => ({ fileSource: 'url', fileUrl: (await upload(fixture, PNG)).url }),
    check: (fixture, items) => {
      const [source, image] = uploads(fixture);
      // The reference has no folder, so none is sent unless a user asks for one.
      expect(image).toMatchObject({ purpose: 'post', folder: null, sha256: source.sha256 });
      expect(items).toMatchObject([{ id: image.id }]);
    },
  },
  {
    resource: 'media',
    operation: 'uploadVideo',
    arrange: async (fixture) => ({
      purpose: 'post',
      fileSource: 'url',
      fileUrl: (await upload(fixture, MP4)).url,
    }),
    check: (fixture, items) => {
      const [source, video] = uploads(fixture);
      expect(video).toMatchObject({ type: 'VIDEO', purpose: 'post', sha256: source.sha256 });
      expect(items).toMatchObject([{ id: video.id }]);
    },
  },
  {
    resource: 'media',
    operation: 'getMany',
    arrange: async (fixture) => {
      await upload(fixture, PNG);
      await upload(fixture, MP4, 'byte');
      await upload(fixture, MP4, 'post');
      return { returnAll: true, filters: { type: 'VIDEO', purpose: 'byte' } };
    },
    check: (fixture, items) => expect(items).toMatchObject([{ id: uploads(fixture)[1].id }]),
  },
  {
    resource: 'media',
    operation: 'delete',
    arrange: async (fixture) => {
      const { id } = await upload(fixture, PNG);
      await upload(fixture, PNG);
      return { deleteBy: 'id', media: id };
    },
    check: (fixture, items) => {
      expect(uploads(fixture)).toHaveLength(1);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
  {
    resource: 'media',
    operation: 'delete',
    arrange: async (fixture) => ({ deleteBy: 'url', url: (await upload(fixture, PNG)).url }),
    check: (fixture) => expect(uploads(fixture)).toEqual([]),
  },
];
