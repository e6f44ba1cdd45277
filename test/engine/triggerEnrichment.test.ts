/** The details of an event that the trigger fetches. */
import type { IDataObject } from 'n8n-workflow';
import { MP4, shown } from '../operations/fixture';
import { follow, useTrigger } from './support/useTrigger';

const { n8n, sandbox, agent, start, deliver } = useTrigger();

describe('Fetching full details', () => {
  let fan: { handle: string; id: string };

  beforeEach(async () => {
    fan = sandbox.registerAgent({ handle: `fan_of_${agent.handle}`, name: 'Fan' });
    await sandbox.as(fan.handle).patch('/api/agents/me', { bio: 'Likes it all' });
  });

  const act = async (path: string, body: object) => await sandbox.as(fan.handle).post(path, body);
  const newest = <Thing>(things: ReadonlyMap<string, Thing>): Thing => {
    const thing = [...things.values()].at(-1);
    if (thing === undefined) throw new Error('The platform does not have it');
    return thing;
  };
  const writePost = async () => {
    await act('/api/posts', { content: 'Hello' });
    return newest(sandbox.state.posts).id;
  };
  const writeMessage = async () => {
    await act('/api/conversations', {
      participantHandle: agent.handle,
      message: 'Just between us',
    });
    return newest(sandbox.state.messages).id;
  };
  const publishByte = async () => {
    const { content, mimeType: type } = MP4;
    const file = { content: new Uint8Array(content), type, fields: { purpose: 'byte' } };
    await sandbox.as(fan.handle).upload('/api/upload/video', file);
    const { id: mediaId, url } = newest(sandbox.state.media);
    await act('/api/bytes', { caption: 'Moving', mediaId });
    return { id: newest(sandbox.state.bytes).id, url };
  };
  const writeComment = async (path: string) => {
    await act(`${path}/comments`, { content: 'Well said' });
    return newest(sandbox.state.comments).id;
  };

  /** Delivers an event that names its parts only, and gives what the execution gets of it. */
  const enriched = async (kind: string, data: IDataObject): Promise<IDataObject> => {
    await start({ enrich: true });
    sandbox.requests.clear();
    await deliver(follow({ event: kind, data: { actor: { handle: fan.handle }, ...data } }));
    return n8n.started[0].items[0].json;
  };

  const AGENT = { name: 'Fan', bio: 'Likes it all', websiteUrl: null };

  it('The comment and its post are fetched', async () => {
    const post = await writePost();
    const comment = await writeComment(`/api/posts/${post}`);
    const json = await enriched('comment', { post: { id: post }, comment: { id: comment } });

    expect(json).toMatchObject({
      event: 'comment',
      agent: AGENT,
      post: { content: 'Hello', commentCount: 1 },
      comment: { content: 'Well said' },
    });
    expect(json).not.toHaveProperty('enrichmentError');
  });

  it('The message is fetched with the token of the agent', async () => {
    const message = await writeMessage();
    const json = await enriched('message', { messageId: message });

    expect(json).toMatchObject({
      event: 'message',
      agent: AGENT,
      message: {
        id: message,
        content: 'Just between us',
        sender: { handle: shown({ sandbox }, fan) },
      },
    });
    expect(json).not.toHaveProperty('enrichmentError');
    expect(sandbox.requests.of('messageGet')).toMatchObject([{ agent: agent.handle, status: 200 }]);
  });

  it('The byte is fetched', async () => {
    const { id, url } = await publishByte();
    const json = await enriched('like', { byteId: id });

    expect(json).toMatchObject({
      event: 'like',
      agent: AGENT,
      byte: { id, caption: 'Moving', videoUrl: url },
    });
    expect(json).not.toHaveProperty('enrichmentError');
    expect(sandbox.requests.of('byteGet')).toHaveLength(1);
  });

  it('The comment on a byte is fetched', async () => {
    const { id } = await publishByte();
    const comment = await writeComment(`/api/bytes/${id}`);
    const json = await enriched('comment', { byteId: id, comment: { id: comment } });

    expect(json).toMatchObject({
      byte: { id, caption: 'Moving', commentCount: 1 },
      comment: { id: comment, content: 'Well said' },
    });
    expect(json).not.toHaveProperty('enrichmentError');
  });

  it.each([
    [
      'an agent without a handle',
      { actor: { id: 'agent_x' } },
      { agent: { id: 'agent_x' } },
      'Get agent of event: the delivery has no valid handle',
    ],
    [
      'an ID that leads elsewhere',
      { message: { id: '..' } },
      { message: { id: '..' } },
      'Get message of event: the delivery has no valid ID',
    ],
    [
      'a comment on nothing',
      { comment: { id: 'c' } },
      { comment: { id: 'c' } },
      'Get comment of event: the delivery has no ID of the comment, or of its post or byte',
    ],
    [
      'a post that is gone',
      { postId: 'none' },
      { post: { id: 'none' } },
      'Get post of event: Post not found: none (HTTP 404, not_found)',
    ],
  ])(
    'An event with %s is output as delivered, with enrichmentError',
    async (_, data, delivered, enrichmentError) => {
      expect(await enriched('like', data)).toMatchObject({ ...delivered, enrichmentError });
    },
  );

  it('An item whose comment was deleted has enrichmentError', async () => {
    const post = await writePost();
    const json = await enriched('comment', { postId: post, comment: { id: 'gone' } });

    expect(json).toMatchObject({
      agent: AGENT,
      post: { content: 'Hello' },
      comment: { id: 'gone' },
      enrichmentError: 'Get comment of event: it is not among the newest 100 comments of the post',
    });
  });

  it('An ID that is too long is not requested', async () => {
    await start({ enrich: true });
    const long = 'x'.repeat(201);
    sandbox.requests.clear();
    const data = { actor: { handle: long, id: 'x' }, post: { id: long }, comment: { id: 'c' } };
    await deliver(follow({ event: 'comment', data }));
    expect(n8n.started[0].items[0].json.enrichmentError).toBe(
      [
        'Get agent of event: the delivery has no valid handle',
        'Get post of event: the delivery has no valid ID',
        'Get comment of event: the delivery has no ID of the comment, or of its post or byte',
      ].join('; '),
    );
    expect(sandbox.requests.of('postGet')).toEqual([]);
  });

  it('Fetching details ends: the last events of a delivery are output without', async () => {
    await start({ enrich: true, ignoreOwnActions: false });
    sandbox.requests.clear();
    const time = performance.now();
    // Each answer takes half an hour, by the clock.
    jest
      .spyOn(performance, 'now')
      .mockImplementation(() => time + 1_800_001 * sandbox.requests.of('agentGet').length);
    await deliver(
      Array.from({ length: 3 }, () => follow({ data: { actor: { handle: agent.handle } } })),
    );
    const [{ items }] = n8n.started;
    const overdue = expect.stringContaining('the events before this one took too long') as string;
    expect(items.map(({ json }) => json.enrichmentError)).toEqual([undefined, overdue, overdue]);
    expect(items[0].json.agent).toMatchObject({ name: 'Me' });
    expect(items[2].json.agent).toEqual({ handle: agent.handle });
  });
});
