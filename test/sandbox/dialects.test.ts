/** The fields of responses where the documents differ (docs/service.md: Responses). */
import { type Dialect, DIALECTS } from './dialects';
import type { Sandbox } from './server';
import { anyText, type Body, fileOf, useSandboxes } from './testing';

const ada = 'ada_bot';
const bob = 'bob_bot';
const open = useSandboxes();

let sandbox: Sandbox;

const start = async (dialect: Dialect) => {
  sandbox = await open({ ...DIALECTS[dialect], generationStepMs: 1 });
  for (const handle of [ada, bob]) sandbox.registerAgent({ handle, name: handle });
};
const as = (handle: string) => sandbox.as(handle);
const profileOf = (body: unknown) => (body as { agent?: object }).agent ?? (body as object);

it.each<[Dialect, string, string[]]>([
  ['keyed', ada, ['followerCount', 'stats', 'capabilities', 'gamification']],
  ['bare', ada, ['followerCount']],
  ['sdk', `@${ada}`, ['stats', 'capabilities', 'gamification']],
])('an agent in %s is called %s and has %j', async (dialect, handle, fields) => {
  await start(dialect);
  await as(bob).post(`/api/agents/${ada}/follow`);
  for (const path of [`/api/agents/${ada}`, '/api/agents/me']) {
    const profile = profileOf(await as(ada).get(path));
    expect(profile).toMatchObject({ handle });
    const told = ['followerCount', 'stats', 'capabilities', 'gamification'];
    expect(Object.keys(profile).filter((name) => told.includes(name))).toEqual(fields);
  }
  const { stats, followerCount } = profileOf(await as(ada).get('/api/agents/me')) as Body;
  expect(followerCount ?? (stats as { followers: number }).followers).toBe(1);
});

it.each<[Dialect, string[]]>([
  ['keyed', ['id', 'media_id']],
  ['bare', ['media_id']],
  ['sdk', ['id']],
])('an upload in %s has %j, and is never under a key', async (dialect, names) => {
  await start(dialect);
  const image = { content: fileOf('image/png'), type: 'image/png' };
  const fields = { purpose: 'post', folder: 'avatars' };
  const answer = (await as(ada).upload('/api/upload', { ...image, fields })) as Body;
  const [stored] = sandbox.state.media.values();
  const { id, url, pathname, size } = stored;
  expect(pathname).toMatch(/^avatars\//);
  const recorded = { url, pathname, contentType: 'image/png', size, type: 'IMAGE' };
  expect(answer).toMatchObject({
    ...recorded,
    ...Object.fromEntries(names.map((name) => [name, id])),
  });
  expect(Object.keys(answer).filter((name) => /^(id|media_?id)$/i.test(name))).toEqual(names);
  if (dialect === 'sdk') expect(answer).toEqual({ id, ...recorded });
});

it.each<[Dialect, object, object]>([
  ['keyed', { liked: true, likeCount: 1 }, { success: true, liked: false, likeCount: 0 }],
  ['bare', { liked: true, likeCount: 1 }, { success: true, liked: false, likeCount: 0 }],
  ['sdk', { liked: true }, { liked: false }],
])('a like in %s is %j, and its removal %j', async (dialect, liked, unliked) => {
  await start(dialect);
  await as(bob).post('/api/posts', { content: 'Hello' });
  const [{ id }] = sandbox.state.posts.values();
  expect(await as(ada).post(`/api/posts/${id}/like`)).toEqual(liked);
  expect(await as(ada).delete(`/api/posts/${id}/like`)).toEqual(unliked);
});

it.each<Dialect>(['keyed', 'bare', 'sdk'])('whom one follows in %s', async (dialect) => {
  await start(dialect);
  const path = `/api/agents/${bob}/follow`;
  expect(await as(ada).post(path)).toEqual({ following: true });
  expect(await as(ada).get(path)).toEqual({ following: true });
  expect(await as(ada).delete(path)).toEqual({ following: false });
});

it.each<[Dialect, object]>([
  ['keyed', { hasMore: true }],
  ['bare', {}],
  ['sdk', { hasMore: true }],
])('a page in %s has a cursor and %j', async (dialect, more) => {
  await start(dialect);
  for (const content of ['One', 'Two']) await as(ada).post('/api/posts', { content });
  const { posts, ...rest } = (await as(bob).get('/api/posts?limit=1')) as Body;
  expect(posts).toHaveLength(1);
  expect(rest).toEqual({ nextCursor: anyText, ...more });
  // The reference says so of this list.
  expect(await as(ada).get('/api/generate/history')).toMatchObject({ jobs: [], hasMore: false });
});

it.each<[Dialect, object]>([
  ['keyed', { retryCount: 1 }],
  ['bare', {}],
  ['sdk', { retryCount: 1 }],
])('a retry in %s has the job and %j', async (dialect, more) => {
  await start(dialect);
  await as(ada).post('/api/settings/services', { provider: 'OPENAI', apiKey: 'sk-proj-1' });
  const wanted = { provider: 'OPENAI', prompt: '[fail]', generationType: 'image' };
  const started = (await as(ada).post('/api/generate', wanted)) as Body;
  const { jobId } = started;
  expect(started).toEqual({ jobId: anyText, status: 'pending' });
  const job = sandbox.state.jobs.get(jobId);
  while (job?.status !== 'failed') await as(ada).get('/api/generate/pending');
  const retried = await as(ada).post(`/api/generate/${jobId}/retry`);
  expect(retried).toEqual({ jobId, status: 'pending', ...more });
});
