import { type Sandbox, startSandbox } from '../sandbox/server';
import { binary, N8n } from './support/n8n';

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)]);
const MP4 = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.alloc(100)]);

describe.each(['keyed', 'bare'] as const)('scratch %s', (envelope) => {
  let n8n: N8n;
  let sandbox: Sandbox;
  let me: ReturnType<Sandbox['registerAgent']>;
  let other: ReturnType<Sandbox['registerAgent']>;
  let credential: string;
  let otherCred: string;
  const run = async (resource: string, operation: string, parameters: object = {}, more: object = {}) =>
    await n8n.run({ credential, parameters: { resource, operation, ...parameters }, ...more });

  beforeAll(async () => {
    n8n = await N8n.load();
    sandbox = await startSandbox({ envelope, videoProcessingMs: 2500, generationStepMs: 1500, limits: { reads: Infinity, writes: Infinity, auths: Infinity } } as never);
    me = sandbox.registerAgent({ handle: 'me_agent', name: 'Me' });
    other = sandbox.registerAgent({ handle: 'other_agent', name: 'Other' });
    credential = n8n.saveCredential('me', { ...me, baseUrl: sandbox.url });
    otherCred = n8n.saveCredential('other', { ...other, baseUrl: sandbox.url });
    n8n.credentials.save('key', { provider: 'OPENAI', apiKey: 'sk-proj-verysecretkey1234567890' });
    n8n.credentials.save('eleven', { provider: 'ELEVENLABS', apiKey: 'el-verysecretkey1234567890' });
  });
  afterAll(async () => {
    console.log(JSON.stringify(sandbox.contractViolations));
    await sandbox.close();
  });
  const show = (label: string, r: Awaited<ReturnType<typeof run>>) =>
    console.log(label, JSON.stringify(r.json).slice(0, 700), r.error?.message ?? '', r.error?.description ?? '');
  const img = (names: string[]) => [{ json: {}, binary: Object.fromEntries(names.map((n) => [n, n.startsWith('v') ? binary(MP4, 'a.mp4', 'video/mp4') : binary(PNG, 'a.png', 'image/png')])) }];

  it('works', async () => {
    show('post images', await run('post', 'create', { content: '', additionalFields: { binaryFields: 'a, b' } }, { input: img(['a', 'b']) }));
    show('post video', await run('post', 'create', { content: 'x', additionalFields: { binaryFields: 'v' } }, { input: img(['v']) }));
    show('post video short', await run('post', 'create', { content: 'x', additionalFields: { binaryFields: 'v', maxVideoWait: 1 } }, { input: img(['v']) }));
    console.log('media', [...sandbox.state.media.values()].length);
    show('mixed', await run('post', 'create', { content: 'x', additionalFields: { binaryFields: 'a,v' } }, { input: img(['a', 'v']) }));
    show('empty', await run('post', 'create', { content: '' }));
    show('byte', await run('byte', 'create', { videoSource: 'binary', binaryPropertyName: 'v', additionalFields: { caption: 'hi' } }, { input: img(['v']) }));
    show('upload image', await run('media', 'uploadImage', { binaryPropertyName: 'a' }, { input: img(['a']) }));
    const up = await run('media', 'uploadVideo', { purpose: 'byte', binaryPropertyName: 'v' }, { input: img(['v']) });
    show('upload video', up);
    show('delete media', await run('media', 'delete', { media: String(up.json[0].id) }));
    show('delete media url', await run('media', 'delete', { deleteBy: 'url', url: 'https://x.example/none' }));
    show('fos', await run('conversation', 'findOrStart', { agent: { __rl: true, mode: 'handle', value: '@other_agent' }, message: 'Hi' }));
    show('fos2', await run('conversation', 'findOrStart', { agent: { __rl: true, mode: 'handle', value: '@other_agent' }, message: 'Hi again' }));
    show('notif', await run('notification', 'markAsRead', {}));
    show('notif ids', await run('notification', 'markAsRead', { all: false, ids: 'n1' }));
    show('search', await run('discovery', 'search', { query: 'e', limit: 3 }));
    show('trend', await run('discovery', 'getTrending', { filters: { limit: 2, section: 'all' } }));
    show('report none', await run('report', 'create', { reason: 'SPAM' }));
    show('report', await run('report', 'create', { reason: 'SPAM', reportedAgent: { __rl: true, mode: 'id', value: other.id } }));
    const c = await run('aiProvider', 'connect', {}, { credentials: { imagineAnythingAiProviderApi: 'key' } });
    show('connect', c);
    console.log('key leak', JSON.stringify(c.run).includes('verysecret'));
    show('connect2', await run('aiProvider', 'connect', {}, { credentials: { imagineAnythingAiProviderApi: 'eleven' } }));
    show('connect none', await run('aiProvider', 'connect', {}));
    show('available', await run('aiProvider', 'getAvailable'));
    show('providers', await run('aiProvider', 'getMany'));
    show('gen voice', await run('generation', 'start', { provider: 'ELEVENLABS', generationType: 'voice', prompt: 'hello', additionalFields: { voice: { __rl: true, mode: 'id', value: 'EXAVITQu4vr4xnSDxMaL' }, params: '{"stability": 1}', size: 'stale' } }));
    show('gen wrong', await run('generation', 'start', { provider: 'OPENAI', generationType: 'voice', prompt: 'hello' }));
    show('models', await run('generation', 'getModels', { provider: 'RUNWARE', generationType: 'video' }));
    show('voices', await run('generation', 'getVoices', {}));
    show('wait', await run('generation', 'startAndWait', { prompt: 'a city', additionalFields: { content: 'hey' } }));
    show('wait fail', await run('generation', 'startAndWait', { prompt: '[fail] a city', additionalFields: {} }));
    show('wait fail retry', await run('generation', 'startAndWait', { prompt: '[fail 1] a city', additionalFields: { retries: 1 } }));
    const s = await run('service', 'create', { title: 'T', description: 'D', price: 500, category: 'CREATIVE', additionalFields: { tags: 'a,b', images: '' } });
    show('service', s);
    show('service update', await run('service', 'update', { service: { __rl: true, mode: 'id', value: String(s.json[0]?.id) }, updateFields: { price: 700, title: '' } }));
    const o = await n8n.run({ credential: otherCred, parameters: { resource: 'order', operation: 'place', service: { __rl: true, mode: 'id', value: String(s.json[0]?.id) } } });
    show('order', o);
    show('payouts', await run('payout', 'getSummary'));
    show('analytics', await run('analytics', 'getOverview', { filters: { range: '7d' } }));
    show('hashtag', await run('discovery', 'getHashtagPosts', { hashtag: '#shorts' }));
    show('status', await run('order', 'updateStatus', { order: { __rl: true, mode: 'id', value: String(o.json[0]?.id) }, action: 'deliver' }));
    show('deliver', await run('order', 'deliverWithMessage', { order: { __rl: true, mode: 'id', value: String(o.json[0]?.id) }, deliverables: 'x', content: 'y' }));
  }, 120000);
});
