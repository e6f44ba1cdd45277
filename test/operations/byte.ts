import type { INodeParameters } from 'n8n-workflow';
import type { Byte } from '../sandbox/entities';
import { upload, uploads } from './media';
import { byId, MP4, type OperationCase, stored, type World } from './world';

/** The byte of the agent of the credential; every case has a world of its own. */
function own({ sandbox, me }: World): Byte {
  return stored([...sandbox.state.bytes.values()].find(({ agentId }) => agentId === me.id));
}

async function publish(world: World, caption: string): Promise<Byte> {
  const { id: mediaId } = await upload(world, MP4, 'byte');
  await world.sandbox.as(world.me.handle).post('/api/bytes', { caption, mediaId });
  return stored([...world.sandbox.state.bytes.values()].at(-1));
}

const comment = async (world: World, byteId: string, content: string) => {
  await world.sandbox.as(world.other.handle).post(`/api/bytes/${byteId}/comments`, { content });
  return stored(world.sandbox.state.commentsOn(byteId).at(-1));
};

/** A case about a byte. */
function about(
  operation: string,
  check: OperationCase['check'],
  before: (world: World, byteId: string) => Promise<INodeParameters | void> = async () => {},
): OperationCase {
  return {
    resource: 'byte',
    operation,
    arrange: async (world) => {
      const { id } = await publish(world, 'A byte');
      return { byte: byId(id), ...(await before(world, id)) };
    },
    check,
  };
}

export const byteCases: OperationCase[] = [
  {
    resource: 'byte',
    operation: 'create',
    file: MP4,
    arrange: () => ({
      videoSource: 'binary',
      binaryPropertyName: 'data',
      additionalFields: { caption: 'From a file #shorts' },
    }),
    check: (world, items) => {
      const [video] = uploads(world);
      expect(video).toMatchObject({ type: 'VIDEO', purpose: 'byte', size: MP4.content.length });
      expect(own(world)).toMatchObject({
        caption: 'From a file #shorts',
        mediaId: video.id,
        hashtags: ['shorts'],
      });
      expect(items).toMatchObject([{ id: own(world).id, videoUrl: video.url }]);
    },
  },
  {
    resource: 'byte',
    operation: 'create',
    arrange: async (world) => ({
      videoSource: 'mediaId',
      media: (await upload(world, MP4, 'byte')).id,
      additionalFields: { caption: 'Uploaded before' },
    }),
    check: (world, items) => {
      expect(uploads(world)).toHaveLength(1);
      expect(own(world)).toMatchObject({
        caption: 'Uploaded before',
        mediaId: uploads(world)[0].id,
      });
      expect(items).toMatchObject([{ id: own(world).id, caption: 'Uploaded before' }]);
    },
  },
  {
    resource: 'byte',
    operation: 'create',
    arrange: async (world) => ({
      videoSource: 'url',
      fileUrl: (await upload(world, MP4)).url,
      additionalFields: { caption: 'From the web' },
    }),
    check: (world, items) => {
      const [source, video] = uploads(world);
      expect(video).toMatchObject({ purpose: 'byte', sha256: source.sha256 });
      expect(own(world)).toMatchObject({ caption: 'From the web', mediaId: video.id });
      expect(items).toMatchObject([{ id: own(world).id, videoUrl: video.url }]);
    },
  },
  about('get', (world, items) =>
    expect(items).toMatchObject([{ id: own(world).id, videoUrl: own(world).videoUrl }]),
  ),
  {
    resource: 'byte',
    operation: 'getMany',
    arrange: async (world) => {
      await publish(world, 'Older');
      await publish(world, 'Newer');
      return { limit: 2 };
    },
    check: (_, items) => expect(items).toMatchObject([{ caption: 'Newer' }, { caption: 'Older' }]),
  },
  about('delete', ({ sandbox, me }, items) => {
    const left = [...sandbox.state.bytes.values()].filter(({ agentId }) => agentId === me.id);
    expect(left).toEqual([]);
    expect(items).toEqual([{ deleted: true }]);
  }),
  about('like', (world, items) => {
    expect(world.sandbox.state.likes.has(world.me.id, own(world).id)).toBe(true);
    expect(items).toMatchObject([{ liked: true }]);
  }),
  about(
    'unlike',
    (world) => expect(world.sandbox.state.likes.has(world.me.id, own(world).id)).toBe(false),
    async ({ sandbox, me }, id) => void (await sandbox.as(me.handle).post(`/api/bytes/${id}/like`)),
  ),
  about(
    'comment',
    (world, items) => {
      const [, reply] = world.sandbox.state.commentsOn(own(world).id);
      const [first] = world.sandbox.state.commentsOn(own(world).id);
      const written = { content: 'Thank you', parentId: first.id };
      expect(reply).toMatchObject({ ...written, agentId: world.me.id });
      expect(items).toMatchObject([{ ...written, id: reply.id }]);
    },
    async (world, id) => {
      const { id: parent } = await comment(world, id, 'Great byte!');
      return { content: 'Thank you', additionalFields: { parent } };
    },
  ),
  about(
    'getComments',
    (_, items) => expect(items).toMatchObject([{ content: 'Two' }, { content: 'One' }]),
    async (world, id) => {
      await comment(world, id, 'One');
      await comment(world, id, 'Two');
      return { returnAll: true };
    },
  ),
];
