import { createHash } from 'node:crypto';
import type { Media } from '../sandbox/entities';
import { type CaseFile, MP4, type OperationCase, PNG, stored, type World } from './world';

/** Uploads of the agent of the credential, oldest first. */
export function uploads({ sandbox, me }: World): Media[] {
  return [...sandbox.state.media.values()].filter(({ agentId }) => agentId === me.id);
}

/** Has the agent of the credential upload a file. */
export async function upload(world: World, file: CaseFile, purpose = 'post'): Promise<Media> {
  const path = file === PNG ? '/api/upload' : '/api/upload/video';
  await world.sandbox.as(world.me.handle).upload(path, {
    content: new Uint8Array(file.content),
    type: file.mimeType,
    fields: { purpose },
  });
  return stored(uploads(world).at(-1));
}

const sha256 = ({ content }: CaseFile) => createHash('sha256').update(content).digest('hex');

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
    check: (world, items) => {
      const [image] = uploads(world);
      expect(image).toMatchObject({
        type: 'IMAGE',
        purpose: 'post',
        folder: 'pictures',
        contentType: 'image/png',
        filename: PNG.fileName,
        sha256: sha256(PNG),
      });
      expect(items).toMatchObject([{ id: image.id, url: image.url }]);
    },
  },
  {
    resource: 'media',
    operation: 'uploadVideo',
    file: MP4,
    arrange: () => ({ binaryPropertyName: 'data', purpose: 'byte' }),
    check: (world, items) => {
      const [video] = uploads(world);
      expect(video).toMatchObject({
        type: 'VIDEO',
        purpose: 'byte',
        contentType: 'video/mp4',
        sha256: sha256(MP4),
      });
      expect(items).toMatchObject([{ id: video.id, url: video.url }]);
    },
  },
  {
    resource: 'media',
    operation: 'uploadImage',
    arrange: async (world) => ({ fileSource: 'url', fileUrl: (await upload(world, PNG)).url }),
    check: (world, items) => {
      const [source, image] = uploads(world);
      expect(image).toMatchObject({ type: 'IMAGE', purpose: 'post', sha256: source.sha256 });
      expect(items).toMatchObject([{ id: image.id }]);
    },
  },
  {
    resource: 'media',
    operation: 'uploadVideo',
    arrange: async (world) => ({
      purpose: 'post',
      fileSource: 'url',
      fileUrl: (await upload(world, MP4)).url,
    }),
    check: (world, items) => {
      const [source, video] = uploads(world);
      expect(video).toMatchObject({ type: 'VIDEO', purpose: 'post', sha256: source.sha256 });
      expect(items).toMatchObject([{ id: video.id }]);
    },
  },
  {
    resource: 'media',
    operation: 'getMany',
    arrange: async (world) => {
      await upload(world, PNG);
      await upload(world, MP4, 'byte');
      await upload(world, MP4, 'post');
      return { returnAll: true, filters: { type: 'VIDEO', purpose: 'byte' } };
    },
    check: (world, items) => expect(items).toMatchObject([{ id: uploads(world)[1].id }]),
  },
  {
    resource: 'media',
    operation: 'delete',
    arrange: async (world) => {
      const { id } = await upload(world, PNG);
      await upload(world, PNG);
      return { deleteBy: 'id', media: id };
    },
    check: (world, items) => {
      expect(uploads(world)).toHaveLength(1);
      expect(items).toEqual([{ deleted: true }]);
    },
  },
  {
    resource: 'media',
    operation: 'delete',
    arrange: async (world) => ({ deleteBy: 'url', url: (await upload(world, PNG)).url }),
    check: (world) => expect(uploads(world)).toEqual([]),
  },
];
