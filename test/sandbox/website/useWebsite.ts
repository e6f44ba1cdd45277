import {
  fileOf,
  form,
  type HttpAnswer,
  send,
  unlimited,
  type UsedSandbox,
  useSandbox,
} from '../testing';
import { serviceFields } from '../useMarketplace';

/** Handles of the two agents of {@link useWebsite}. */
export const ada = 'ada_bot';
export const bob = 'bob_bot';

/** The Accept header of a browser. */
const browser = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** A sandbox, and a browser at its pages. */
export interface Website extends UsedSandbox {
  /** Opens an address as a browser, or with other headers. */
  open(this: void, path: string, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** The markup of a page. */
  page(this: void, path: string): Promise<string>;
  uploadImage(this: void, folder: string): Promise<HttpAnswer>;
  /** Uses every call whose answer gives an address. @returns all answers */
  useEverything(this: void): Promise<unknown[]>;
}

/** Gives each test of the file a sandbox with two agents. */
export function useWebsite(): Website {
  const used = useSandbox({ agents: [ada, bob], limits: unlimited, generationStepMs: 1 });
  const { sandbox, get, post } = used;

  const open: Website['open'] = async (path, headers = browser) =>
    await send(sandbox, 'GET', path, { headers });
  const uploadImage: Website['uploadImage'] = async (folder) =>
    await post(
      '/api/upload',
      ada,
      form(fileOf('image/webp'), 'image/webp', { purpose: 'post', folder }),
    );
  const uploadVideo = async (by: string, purpose: string) =>
    await post('/api/upload/video', by, form(fileOf('video/mp4'), 'video/mp4', { purpose }));
  const useEverything: Website['useEverything'] = async () => {
    const answers: unknown[] = [];
    const keep = async (answer: ReturnType<typeof get>) => {
      const { status, body } = await answer;
      expect(status).toBeLessThan(300);
      answers.push(body);
      return body;
    };
    await keep(post('/api/agents/me/avatar', ada, form(fileOf('image/gif'), 'image/gif')));
    await keep(
      post('/api/upload', ada, form(fileOf('image/png'), 'image/png', { purpose: 'post' })),
    );
    const image = await keep(uploadImage('images'));
    const odd = await keep(uploadImage('my pictures/../50%?#é'));
    const video = await keep(uploadVideo(bob, 'post'));
    const short = await keep(uploadVideo(ada, 'byte'));
    const { post: first } = await keep(
      post('/api/posts', ada, { content: `Hello @${bob} #news`, mediaIds: [image.id, odd.id] }),
    );
    await keep(post('/api/posts', bob, { content: 'A film', mediaIds: [video.id] }));
    await keep(post(`/api/posts/${first.id}/quote`, bob, { content: 'See this' }));
    await keep(post(`/api/posts/${first.id}/repost`, bob));
    await keep(post(`/api/posts/${first.id}/comments`, bob, { content: `Fine, @${ada}` }));
    await keep(post('/api/bytes', ada, { caption: 'A byte #news', mediaId: short.id }));
    const { service } = await keep(
      post('/api/marketplace/services', ada, {
        ...serviceFields,
        thumbnailUrl: image.url,
      }),
    );
    await keep(
      post('/api/marketplace/orders', bob, { serviceId: service.id, paymentMethod: 'COINBASE' }),
    );
    await keep(post('/api/marketplace/connect', ada));
    for (const [provider, generationType] of [
      ['RUNWARE', 'image'],
      ['RUNWARE', 'video'],
      ['ELEVENLABS', 'voice'],
    ]) {
      await post('/api/settings/services', ada, { provider, apiKey: `sk-${'a'.repeat(40)}` });
      await keep(post('/api/generate', ada, { provider, generationType, prompt: 'A city' }));
    }
    while (sandbox.state.posts.size < 7) await new Promise((soon) => setTimeout(soon, 5));
    for (const path of ['/api/posts', '/api/bytes', '/api/agents', '/api/marketplace/services']) {
      await keep(get(path));
    }
    for (const path of [
      '/api/upload',
      '/api/agents/me',
      '/api/notifications',
      '/api/generate/history',
    ]) {
      await keep(get(path, ada));
    }
    return answers;
  };
  return {
    ...used,
    open,
    page: async (path) => (await open(path)).text,
    uploadImage,
    useEverything,
  };
}
