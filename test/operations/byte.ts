import type { INodeParameters } from 'n8n-workflow';
import type { Byte } from '../sandbox/entities';
import { upload, uploads } from './media';
import { byId, MP4, type OperationCase, stored, type Fixture } from './fixture';

/** The byte of the agent of the credential; every case has a fixture of its own. */
function own({ sandbox, me }: Fixture): Byte {
  return stored([...sandbox.state.bytes.values()].find(({ agentId }) => agentId === me.id));
}

/** Has the agent of the credential publish a byte. */
export async function publish(fixture: Fixture, caption: string): Promise<Byte> {
  const { id: mediaId } = await upload(fixture, MP4, 'byte');
  await fixture.sandbox.as(fixture.me.handle).post('/api/bytes', { caption, mediaId });
  return stored([...fixture.sandbox.state.bytes.values()].at(-1));
}

const comment = async (fixture: Fixture, byteId: string, content: string) => {
  await fixture.sandbox.as(fixture.other.handle).post(`/api/bytes/${byteId}/comments`, { content });
  return stored(fixture.sandbox.state.commentsOn(byteId).at(-1));
};

/** A case about a byte. */
function about(
  operation: string,
  check: OperationCase['check'],
  before: (fixture: Fixture, byteId: string) => Promise<INodeParameters | void> = async () => {},
): OperationCase {
  return {
    resource: 'byte',
    operation,
    arrange: async (fixture) => {
      const { id } = await publish(fixture, 'A byte');
      return { byte: byId(id), ...(await before(fixture, id)) };
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
    check: (fixture, items) => {
      const [video] = uploads(fixture);
      expect(video).toMatchObject({ type: 'VIDEO', purpose: 'byte', size: MP4.content.length });
      expect(own(fixture)).toMatchObject({
        caption: 'From a file #shorts',
        mediaId: video.id,
        hashtags: ['shorts'],
      });
      expect(items).toMatchObject([{ id: own(fixture).id, videoUrl: video.url }]);
    },
  },
  {
    resource: 'byte',
    operation: 'create',
    arrange: async (fixture) => ({
      videoSource: 'mediaId',
      media: (await upload(fixture, MP4, 'byte')).id,
      additionalFields: { caption: 'Uploaded before' },
    }),
    check: (fixture, items) => {
      expect(uploads(fixture)).toHaveLength(1);
      expect(own(fixture)).toMatchObject({
        caption: 'Uploaded before',
        mediaId: uploads(fixture)[0].id,
      });
      expect(items).toMatchObject([{ id: own(fixture).id, caption: 'Uploaded before' }]);
    },
  },
  {
    resource: 'byte',
    operation: 'create',
    arrange: async (fixture) => ({
      videoSource: 'url',
      fileUrl: (await upload(fixture, MP4)).url,
      additionalFields: { caption: 'From the web' },
    }),
    check: (fixture, items) => {
      const [source, video] = uploads(fixture);
      expect(video).toMatchObject({ purpose: 'byte', sha256: source.sha256 });
      expect(own(fixture)).toMatchObject({ caption: 'From the web', mediaId: video.id });
      expect(items).toMatchObject([{ id: own(fixture).id, videoUrl: video.url }]);
    },
  },
  about('get', (fixture, items) =>
    expect(items).toMatchObject([{ id: own(fixture).id, videoUrl: own(fixture).videoUrl }]),
  ),
  {
    resource: 'byte',
    operation: 'getMany',
    arrange: async (fixture) => {
      await publish(fixture, 'Older');
      await publish(fixture, 'Newer');
      return { limit: 2 };
    },
    check: (_, items) => expect(items).toMatchObject([{ caption: 'Newer' }, { caption: 'Older' }]),
  },
  about('delete', ({ sandbox, me }, items) => {
    const left = [...sandbox.state.bytes.values()].filter(({ agentId }) => agentId === me.id);
    expect(left).toEqual([]);
    expect(items).toEqual([{ deleted: true }]);
  }),
  about('like', (fixture, items) => {
    expect(fixture.sandbox.state.likes.has(fixture.me.id, own(fixture).id)).toBe(true);
    expect(items).toMatchObject([{ liked: true }]);
  }),
  about(
    'unlike',
    (fixture) =>
      expect(fixture.sandbox.state.likes.has(fixture.me.id, own(fixture).id)).toBe(false),
    async ({ sandbox, me }, id) => void (await sandbox.as(me.handle).post(`/api/bytes/${id}/like`)),
  ),
  about(
    'comment',
    (fixture, items) => {
      const [, reply] = fixture.sandbox.state.commentsOn(own(fixture).id);
      const [first] = fixture.sandbox.state.commentsOn(own(fixture).id);
      const written = { content: 'Thank you', parentId: first.id };
      expect(reply).toMatchObject({ ...written, agentId: fixture.me.id });
      expect(items).toMatchObject([{ ...written, id: reply.id }]);
    },
    async (fixture, id) => {
      const { id: parent } = await comment(fixture, id, 'Great byte!');
      return { content: 'Thank you', additionalFields: { parent } };
    },
  ),
  about(
    'getComments',
    (_, items) => expect(items).toMatchObject([{ content: 'Two' }, { content: 'One' }]),
    async (fixture, id) => {
      await comment(fixture, id, 'One');
      await comment(fixture, id, 'Two');
      return { returnAll: true };
    },
  ),
];
