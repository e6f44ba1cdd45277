/** One run of the node against a hostile service: a sandbox of its own, and what is asked of it. */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { connect } from '../../operations/aiProvider';
import { uploads } from '../../operations/media';
import { byId, createFixture, PNG, postOfOther, type Fixture } from '../../operations/fixture';
import type { FaultMatch } from '../../sandbox/faults';
import type { HostileBehaviour } from '../../sandbox/hostile';
import { UNLIMITED } from '../../sandbox/limitOptions';
import type { Sandbox } from '../../sandbox/server';
import { fileOf } from '../../sandbox/testing';
import type { Kind } from './hostileCells';
import { binary, type N8n, type RunResult } from './n8n';
import { startInDialect } from './sandbox';

export const PASSWORD = 'hunter2-of-the-workflow';

/** What is needed for a kind of request. */
interface Work {
  match: FaultMatch;
  parameters: INodeParameters;
  file?: { content: Buffer; fileName: string; mimeType: string };
  /** Whether the items are what an honest service would have given. */
  isRight(json: RunResult['json']): boolean;
}

const READ_PATH = { path: /^\/api\/posts\/[^/]+$/ };

async function readWork(fixture: Fixture, match: FaultMatch): Promise<Work> {
  const { id } = await postOfOther(fixture);
  return {
    match,
    parameters: { resource: 'post', operation: 'get', post: byId(id) },
    isRight: ([item]) => item?.id === id,
  };
}

/** Larger than what the operating system takes over from a sender. */
const LARGE_IMAGE = { ...PNG, content: fileOf('image/png', 9 * 1024 * 1024) };

/** How many entries the list of a behaviour has; by default the three posts that are there. */
const ENTRIES: Partial<Record<HostileBehaviour, number>> = {
  'many-entries': 50,
  'endless-entries': 50,
  'too-many-entries': 5,
  'null-ids': 6,
  'big-ids': 3,
  'cursor-with-a-path': 2,
  'odd-entries': 11,
  'poisoned-entries': 6,
};

/** So many entries are asked for of these, and everything of all others. */
const LIMITS: Partial<Record<HostileBehaviour, number>> = {
  'many-entries': 50,
  'endless-entries': 50,
  'too-many-entries': 5,
};

async function arrange(fixture: Fixture, kind: Kind, behaviour: HostileBehaviour): Promise<Work> {
  const { sandbox, me } = fixture;
  switch (kind) {
    case 'read':
      return await readWork(fixture, READ_PATH);
    case 'sign-in':
      return await readWork(fixture, { operationId: 'authToken' });
    case 'write':
      return {
        match: { operationId: 'postCreate' },
        parameters: { resource: 'post', operation: 'create', content: 'Hello' },
        isRight: ([item]) => item?.id === sandbox.state.postsBy(me.id)[0]?.id,
      };
    case 'upload':
      return {
        match: { operationId: 'mediaUploadImage' },
        parameters: { resource: 'media', operation: 'uploadImage', binaryPropertyName: 'data' },
        file: behaviour.startsWith('body-') ? LARGE_IMAGE : PNG,
        isRight: ([item]) => item?.id === uploads(fixture)[0]?.id,
      };
    case 'list': {
      const posts: string[] = [];
      for (const text of ['One', 'Two', 'Three']) posts.push((await postOfOther(fixture, text)).id);
      const limit = LIMITS[behaviour];
      return {
        match: { path: '/api/posts' },
        parameters: {
          resource: 'feed',
          operation: 'getPublicTimeline',
          ...(limit === undefined ? { returnAll: true } : { limit }),
        },
        isRight: (json) => {
          const ids = new Set(json.map(({ id }) => id));
          const isExpected = json.length === (ENTRIES[behaviour] ?? posts.length);
          return isExpected && (behaviour in ENTRIES || posts.every((id) => ids.has(id)));
        },
      };
    }
    case 'wait':
      await connect(fixture);
      return {
        match: { path: /^\/api\/generate\/(pending|history)$/ },
        parameters: {
          resource: 'generation',
          operation: 'startAndWait',
          provider: 'OPENAI',
          generationType: 'image',
          prompt: 'A lighthouse',
          additionalFields: { maxWait: 10 },
        },
        isRight: ([item]) =>
          item?.id === [...sandbox.state.jobs.keys()][0] && item?.status === 'completed',
      };
  }
}

/** A running cell: a sandbox of its own, one item, and the behaviour for every request of the kind. */
export interface Running {
  fixture: Fixture;
  sandbox: Sandbox;
  work: Work;
  credential: string;
  hits(): number;
  /** The service is honest from now on. */
  heal(): void;
  run(options?: INodeParameters, signal?: AbortSignal): Promise<RunResult>;
}

export async function begin(n8n: N8n, kind: Kind, behaviour: HostileBehaviour): Promise<Running> {
  const sandbox = await startInDialect({
    limits: UNLIMITED,
    generationStepMs: 10,
  });
  const fixture = createFixture(sandbox);
  const credential = n8n.saveCredential(fixture.me.handle, { ...fixture.me, baseUrl: sandbox.url });
  const work = await arrange(fixture, kind, behaviour);
  if (kind !== 'sign-in') {
    // The time of the request is not to be spent on a token.
    const signedIn = await n8n.run({
      credential,
      parameters: { resource: 'profile', operation: 'get' },
    });
    if (signedIn.error) throw signedIn.error;
    sandbox.requests.clear();
  }
  const rule = sandbox.faults.add({
    match: work.match,
    times: Infinity,
    fault: { kind: 'hostile', behaviour },
  });
  const { file } = work;
  const input: INodeExecutionData = {
    json: { password: PASSWORD },
    binary: file && { data: binary(file.content, file.fileName, file.mimeType) },
  };
  return {
    ...{ fixture, sandbox, work, credential },
    hits: () => rule.hits,
    heal: () => rule.remove(),
    run: async (options = {}, signal) =>
      await n8n.run({
        credential,
        parameters: { ...work.parameters, options },
        input: [input],
        signal,
      }),
  };
}
