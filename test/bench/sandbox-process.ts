/** The sandbox in a process of its own; `sandbox.ts` starts it and asks it. */
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/server';

/** What the platform has at its start. */
export interface Account {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Posts of another agent. */
  posts: string[];
}

/** What came of the requests. */
export interface Counts {
  rateLimited: number;
  comments: string[];
  /** Statuses of the sendings of a video. */
  videoUploads: Array<number | null>;
  /** SHA-256 of the files that arrived whole. */
  media: string[];
  bytes: number;
}

let sandbox: Sandbox;

async function start(options: SandboxOptions, posts: number): Promise<Account> {
  sandbox = await startSandbox(options);
  const me = sandbox.registerAgent({ handle: 'bench', name: 'Bench' });
  const other = sandbox.registerAgent({ handle: 'writer', name: 'Writer' });
  for (let index = 0; index < posts; index++) {
    await sandbox.as(other.handle).post('/api/posts', { content: `Post ${index}` });
  }
  const { clientId, clientSecret } = me;
  return { url: sandbox.url, clientId, clientSecret, posts: [...sandbox.state.posts.keys()] };
}

function count(): Counts {
  const { state, requests, rateLimited } = sandbox;
  return {
    rateLimited,
    comments: [...state.comments.values()].map(({ content }) => content),
    videoUploads: requests.of('mediaUploadVideo').map(({ status }) => status),
    media: [...state.media.values()].map(({ sha256 }) => sha256),
    bytes: state.bytes.size,
  };
}

/** Ends the token that the next upload of a video carries, when its headers arrive. */
function expireTokenAtUpload(): void {
  sandbox.faults.add({
    match: { operationId: 'mediaUploadVideo' },
    fault: { kind: 'expire-token' },
  });
}

const calls = { start, count, expireTokenAtUpload };

/** What the process can be asked to do. */
export type SandboxCalls = typeof calls;

/** One thing asked for; answers carry the same number. */
export interface Question {
  number: number;
  call: keyof SandboxCalls;
  args: unknown[];
}

export type Reply = { number: number } & ({ result: unknown } | { error: string });

process.on('message', (question: Question) => {
  void answer(question).then((reply) => process.send?.(reply));
});

// Whoever started it has ended.
process.once('disconnect', () => process.exit());

async function answer({ number, call, args }: Question): Promise<Reply> {
  try {
    const asked = calls[call] as (...given: unknown[]) => unknown;
    return { number, result: await asked(...args) };
  } catch (error) {
    return { number, error: error instanceof Error ? error.message : String(error) };
  }
}
