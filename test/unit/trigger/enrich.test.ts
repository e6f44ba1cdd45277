/** What of an event is fetched, with which requests. */
import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import type { ApiRequest, Client } from '../../../nodes/ImagineAnything/transport/client';
import { enrichEvent } from '../../../nodes/ImagineAnything/trigger/execution/enrich';
import type { TriggerEvent } from '../../../nodes/ImagineAnything/trigger/events/event';
import { anyText, RUNS } from '../properties';

/** Enriches an event with these fields, where every request gets `body`. */
async function enrich(fields: object, body: unknown) {
  const requests: ApiRequest[] = [];
  const client: Client = {
    send: async (request) => {
      requests.push(request);
      return { status: 200, body };
    },
    detached: () => client,
  };
  const event = { event: 'like', agent: null, ...fields } as TriggerEvent;
  return { output: await enrichEvent(client, event), requests };
}

it.each<[string, object, string]>([
  ['the agent by its handle', { agent: { handle: 'ada_bot' } }, '/agents/ada_bot'],
  ['the post', { post: { id: 'p1' } }, '/posts/p1'],
  ['the byte', { byte: { id: 7 } }, '/bytes/7'],
  ['the message', { message: { id: 'm1' } }, '/messages/m1'],
])('It gets %s', async (_, fields, path) => {
  const { output, requests } = await enrich(fields, { content: 'Hi' });
  expect(requests).toMatchObject([{ path }]);
  const [[name, delivered]] = Object.entries(fields) as Array<[string, object]>;
  expect(output[name]).toEqual({ ...delivered, content: 'Hi' });
  expect(output).not.toHaveProperty('enrichmentError');
});

it.each<[string, object, string]>([
  ['a post', { comment: { id: 'c1', postId: 'p1' } }, '/posts/p1/comments'],
  ['a byte', { comment: { id: 'c1', byteId: 'b1' } }, '/bytes/b1/comments'],
])('It finds a comment on %s among the newest hundred', async (_, fields, path) => {
  const { output, requests } = await enrich(fields, { comments: [{ id: 'c1', content: 'Hi' }] });
  expect(requests).toMatchObject([{ path, query: { limit: '100' } }]);
  expect(output.comment).toMatchObject({ id: 'c1', content: 'Hi' });
});

it.each([undefined, null, 'OK', [], 5])(
  'A response of %p is not taken for a post',
  async (body) => {
    const { output } = await enrich({ post: { id: 'p1' } }, body);
    expect(output.post).toEqual({ id: 'p1' });
    expect(output.enrichmentError).toBe('Get post of event: the response contains no post');
  },
);

it('An ID or a handle leads to no other path, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, fc.jsonValue()), async (value) => {
      const about = { id: value, handle: value } as IDataObject;
      const fields = { agent: about, post: about, byte: about, message: about, comment: { id: 1 } };
      const { output, requests } = await enrich(fields, {});
      for (const { path } of requests) {
        expect(path).toMatch(/^\/(agents|posts|bytes|messages)\/[^/?#]+(\/comments)?$/);
        expect(path).not.toMatch(/\/\.{1,2}(\/|$)/);
      }
      expect(output).toMatchObject(fields);
    }),
    RUNS,
  );
});
