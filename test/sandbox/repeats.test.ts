/** What a write is answered that finds its work done already. */
import type { RepeatOptions } from './options';
import type { Sandbox } from './server';
import {
  type Body,
  fileOf,
  type HttpAnswer,
  join,
  publish,
  send,
  unlimited,
  useSandboxes,
} from './testing';
import { serviceFields } from './useMarketplace';

const ada = 'ada_bot';
const bob = 'bob_bot';
const open = useSandboxes();

interface Write {
  method: string;
  path: string;
  body?: object;
}

/** What Bob does twice; it does something the first time. */
interface Repeated {
  name: string;
  write(sandbox: Sandbox): Promise<Write> | Write;
}

const onPost =
  (method: string, action: string, before = false) =>
  async (sandbox: Sandbox): Promise<Write> => {
    const path = `/api/posts/${await publish(sandbox, ada, 'Hi')}${action}`;
    if (before) await sandbox.as(bob).post(path);
    return { method, path };
  };

const onByte =
  (method: string, before = false) =>
  async (sandbox: Sandbox): Promise<Write> => {
    const path = `/api/bytes/${await byteOf(sandbox, ada)}/like`;
    if (before) await sandbox.as(bob).post(path);
    return { method, path };
  };

async function byteOf(sandbox: Sandbox, handle: string): Promise<string> {
  const file = { content: fileOf('video/mp4'), type: 'video/mp4', fields: { purpose: 'byte' } };
  const { media_id: mediaId } = (await sandbox
    .as(handle)
    .upload('/api/upload/video', file)) as Body;
  return ((await sandbox.as(handle).post('/api/bytes', { mediaId })) as Body).byte.id;
}

const orderOf = async (sandbox: Sandbox): Promise<string> => {
  const path = '/api/marketplace/services';
  const { service } = (await sandbox.as(ada).post(path, serviceFields)) as Body;
  const order = { serviceId: service.id, paymentMethod: 'CARD' };
  return ((await sandbox.as(bob).post('/api/marketplace/orders', order)) as Body).order.id;
};

const followPath = `/api/agents/${ada}/follow`;
const webhookPath = '/api/agents/me/webhook';
const webhookUrl = 'https://bob.example/hook';
const conversationWith = async (sandbox: Sandbox): Promise<string> => {
  const started = { participantHandle: ada, message: 'Hi' };
  return ((await sandbox.as(bob).post('/api/conversations', started)) as Body).conversation.id;
};

const cases: Readonly<Record<keyof RepeatOptions, readonly Repeated[]>> = {
  mark: [
    { name: 'a follow', write: () => ({ method: 'POST', path: followPath }) },
    { name: 'a like', write: onPost('POST', '/like') },
    { name: 'a repost', write: onPost('POST', '/repost') },
    { name: 'an amplification', write: onPost('POST', '/amplify') },
    { name: 'a like of a byte', write: onByte('POST') },
  ],
  removal: [
    {
      name: 'a follow',
      write: async (sandbox) => {
        await sandbox.as(bob).post(followPath);
        return { method: 'DELETE', path: followPath };
      },
    },
    { name: 'a like', write: onPost('DELETE', '/like', true) },
    { name: 'a repost', write: onPost('DELETE', '/repost', true) },
    { name: 'an amplification', write: onPost('DELETE', '/amplify', true) },
    { name: 'a like of a byte', write: onByte('DELETE', true) },
    {
      name: 'an avatar',
      write: async (sandbox) => {
        const file = { content: fileOf('image/png'), type: 'image/png' };
        await sandbox.as(bob).upload('/api/agents/me/avatar', file);
        return { method: 'DELETE', path: '/api/agents/me/avatar' };
      },
    },
    {
      name: 'capabilities',
      write: async (sandbox) => {
        const path = '/api/agents/me/capabilities';
        await sandbox.as(bob).request('PATCH', path, { skills: ['art'] });
        return { method: 'DELETE', path };
      },
    },
    {
      name: 'a webhook',
      write: async (sandbox) => {
        await sandbox.as(bob).request('PATCH', webhookPath, { webhookUrl });
        return { method: 'DELETE', path: webhookPath };
      },
    },
  ],
  deletion: [
    {
      name: 'a post',
      write: async (sandbox) => ({
        method: 'DELETE',
        path: `/api/posts/${await publish(sandbox, bob, 'Hi')}`,
      }),
    },
    {
      name: 'a comment',
      write: async (sandbox) => {
        const path = `/api/posts/${await publish(sandbox, ada, 'Hi')}/comments`;
        const { comment } = (await sandbox.as(bob).post(path, { content: 'Hey' })) as Body;
        return { method: 'DELETE', path: `${path}/${comment.id}` };
      },
    },
    {
      name: 'a byte',
      write: async (sandbox) => ({
        method: 'DELETE',
        path: `/api/bytes/${await byteOf(sandbox, bob)}`,
      }),
    },
    {
      name: 'a conversation',
      write: async (sandbox) => ({
        method: 'DELETE',
        path: `/api/conversations/${await conversationWith(sandbox)}`,
      }),
    },
    {
      name: 'a message',
      write: async (sandbox) => {
        const path = `/api/conversations/${await conversationWith(sandbox)}/messages`;
        const sent = (await sandbox.as(bob).post(path, { content: 'Hey' })) as {
          message: { id: string };
        };
        return { method: 'DELETE', path: `/api/messages/${sent.message.id}` };
      },
    },
    {
      name: 'a file',
      write: async (sandbox) => {
        const file = { content: fileOf('image/png'), type: 'image/png' };
        const fields = { purpose: 'post' };
        const path = '/api/upload';
        const uploaded = (await sandbox.as(bob).upload(path, { ...file, fields })) as Body;
        return { method: 'DELETE', path, body: { id: uploaded.media_id } };
      },
    },
    {
      name: 'a service',
      write: async (sandbox) => {
        const path = '/api/marketplace/services';
        const { service } = (await sandbox.as(bob).post(path, serviceFields)) as Body;
        return { method: 'DELETE', path: `${path}/${service.id}` };
      },
    },
    {
      name: 'an AI provider',
      write: async (sandbox) => {
        const path = '/api/settings/services';
        await sandbox.as(bob).post(path, { provider: 'OPENAI', apiKey: 'sk-proj-1' });
        return { method: 'DELETE', path: `${path}/OPENAI` };
      },
    },
  ],
  step: [
    {
      name: 'cancel',
      write: async (sandbox) => ({
        method: 'PATCH',
        path: `/api/marketplace/orders/${await orderOf(sandbox)}`,
        body: { action: 'cancel' },
      }),
    },
  ],
  webhook: [
    {
      name: 'the same URL',
      write: () => ({ method: 'PATCH', path: webhookPath, body: { webhookUrl } }),
    },
  ],
};

const refusals = {
  mark: { conflict: [409, 'already_exists'] },
  removal: { 'not-found': [404, 'not_found'] },
  deletion: { 'not-found': [404, 'not_found'] },
  step: { conflict: [409, 'wrong_order_status'] },
  webhook: { conflict: [409, 'already_configured'] },
} as const;

const defaults = {
  mark: 'success',
  removal: 'success',
  deletion: 'not-found',
  step: 'conflict',
  webhook: 'success',
} as const;

const others = {
  mark: 'conflict',
  removal: 'not-found',
  deletion: 'success',
  step: 'success',
  webhook: 'conflict',
} as const;

const rows = (Object.keys(cases) as Array<keyof RepeatOptions>).flatMap((kind) =>
  cases[kind].map((each) => ({ kind, ...each })),
);

describe.each([
  ['by default', {}, defaults],
  ['as the settings say', others, others],
] as const)('%s', (_, repeats, answers) => {
  it.each(rows)('a repeated $kind: $name', async ({ kind, write }) => {
    const sandbox = await open({ limits: unlimited, repeats });
    join(sandbox, ada);
    const token = join(sandbox, bob);
    const { method, path, body } = await write(sandbox);
    const twice: HttpAnswer[] = [];
    for (let times = 0; times < 2; times++) {
      twice.push(await send(sandbox, method, path, { token, body }));
    }

    expect(twice[0].status).toBeLessThan(300);
    const [status, error] = (refusals[kind] as Record<string, readonly [number, string]>)[
      answers[kind]
    ] ?? [undefined];
    if (status === undefined) expect(twice[1].status).toBeLessThan(300);
    else expect(twice[1]).toMatchObject({ status, body: { error } });
    expect(sandbox.requests.map(({ applied }) => applied)).toEqual([true, false]);
  });
});

it('a step back to where the order is comes from its buyer or seller only', async () => {
  const sandbox = await open({ limits: unlimited, repeats: { step: 'success' } });
  for (const handle of [ada, bob]) join(sandbox, handle);
  const path = `/api/marketplace/orders/${await orderOf(sandbox)}`;
  await sandbox.as(bob).request('PATCH', path, { action: 'cancel' });
  const token = join(sandbox, 'cy_bot');
  const body = { action: 'cancel' };
  expect(await send(sandbox, 'PATCH', path, { token, body })).toMatchObject({ status: 403 });
});

it('refuses an answer that there is not', async () => {
  const repeats = { mark: 'not-found' as 'conflict' };
  await expect(open({ repeats })).rejects.toThrow(
    'repeats.mark must be one of success, conflict, not not-found',
  );
});
