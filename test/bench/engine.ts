import { LazyPackageDirectoryLoader, PackageDirectoryLoader, WorkflowExecute } from 'n8n-core';
import {
  createRunExecutionData,
  type INode,
  type INodeExecutionData,
  type INodeParameters,
  type INodeType,
  type INodeTypes,
  type IRun,
  type IVersionedNodeType,
  type IWorkflowExecuteAdditionalData,
  NodeHelpers,
  Workflow,
} from 'n8n-workflow';
import { join } from 'node:path';
import { StoredCredentials } from '../engine/support/credentials';
import { ensureHost } from '../host/install';
import { CHECKOUT } from '../host/paths';
import type { Report, Taken } from './figures';
import { timed } from './figures';
import { minimalNode } from './minimal-node';
import type { Account } from './sandbox-process';

const CREDENTIAL = 'imagineAnythingApi';

/** The nodes that can be run, with the type and version that the editor would give them. */
const NODES = {
  imagineAnything: { type: 'n8n-nodes-imagineanything.imagineAnything', typeVersion: 1 },
  minimal: { type: 'bench.minimal', typeVersion: 1 },
  // n8n-core gives it any credential, because of this name.
  httpRequest: { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.5 },
};

/** A node and the items it is given. */
export interface Step {
  kind: keyof typeof NODES;
  parameters: INodeParameters;
  input: INodeExecutionData[];
  onError?: INode['onError'];
}

/** What came of a workflow. */
export interface Outcome {
  /** What each step put out. */
  output: INodeExecutionData[][];
  error?: string;
  taken: Taken;
}

/**
 * n8n's execution engine in this process, with the built package, a minimal node, and n8n's own HTTP
 * Request node from the n8n that is installed for the tests. All of them run in the same engine, so that
 * what differs between them is the node and not what surrounds it.
 */
export class Engine {
  private readonly credentials: StoredCredentials;

  private constructor(private readonly loaders: Record<'ours' | 'base', PackageDirectoryLoader>) {
    this.credentials = new StoredCredentials((name) => loaders.ours.getCredential(name).type);
  }

  static async load(report: Report): Promise<Engine> {
    const host = await ensureHost(report);
    const ours = new PackageDirectoryLoader(CHECKOUT);
    const base = new LazyPackageDirectoryLoader(
      join(host.folder, 'node_modules', 'n8n-nodes-base'),
    );
    await ours.loadAll();
    await base.loadAll();
    return new Engine({ ours, base });
  }

  /** Saves the credential that every node uses from now on. It has no token yet. */
  save({ url, clientId, clientSecret }: Account): void {
    this.credentials.save(CREDENTIAL, { baseUrl: url, clientId, clientSecret });
  }

  /** Saves the credential and gets its token, so that no measured run has to. */
  async signIn(account: Account): Promise<void> {
    this.save(account);
    const { error } = await this.run([getPosts(account.posts.slice(0, 1))]);
    if (error !== undefined) throw new Error(`The credential does not work: ${error}`);
  }

  /** Runs nodes one after the other in one workflow, each with items of its own. */
  async run(steps: readonly Step[], signal?: AbortSignal): Promise<Outcome> {
    const nodes = steps.map(
      ({ kind, parameters, onError }, index): INode => ({
        id: String(index),
        name: `${kind} ${index}`,
        ...NODES[kind],
        position: [0, index * 200],
        parameters,
        onError,
        credentials: { [CREDENTIAL]: { id: CREDENTIAL, name: CREDENTIAL } },
      }),
    );
    const workflow = new Workflow({
      id: 'bench',
      nodes,
      connections: {},
      active: false,
      nodeTypes: this.nodeTypes,
      settings: { executionOrder: 'v1' },
    });
    const nodeExecutionStack = nodes.map((node, index) => ({
      node,
      data: { main: [steps[index].input] },
      source: null,
    }));
    const execution = new WorkflowExecute(
      this.additionalData(),
      'trigger',
      createRunExecutionData({ executionData: { nodeExecutionStack } }),
    );
    let run: IRun | undefined;
    const taken = await timed(async () => {
      const running = execution.processRunExecutionData(workflow);
      signal?.addEventListener('abort', () => running.cancel());
      run = await running;
    });
    const { runData = {}, error } = run?.data.resultData ?? {};
    const output = nodes.map(({ name }) =>
      (runData[name]?.at(-1)?.data?.main ?? []).flatMap((branch) => branch ?? []),
    );
    return { output, error: error?.message, taken };
  }

  private get nodeTypes(): INodeTypes {
    const type = (name: string): INodeType | IVersionedNodeType => {
      if (name === NODES.minimal.type) return minimalNode;
      const loader = name === NODES.httpRequest.type ? this.loaders.base : this.loaders.ours;
      return loader.getNode(name.split('.')[1]).type;
    };
    return {
      getByName: type,
      getByNameAndVersion: (name, version) => NodeHelpers.getVersionedNodeType(type(name), version),
      getKnownTypes: () => ({}),
    };
  }

  private additionalData(): IWorkflowExecuteAdditionalData {
    return {
      credentialsHelper: this.credentials,
      hooks: { runHook: async () => {} },
      currentNodeExecutionIndex: 0,
      variables: {},
      webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
      formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
      setExecutionStatus: () => {},
    } as unknown as IWorkflowExecuteAdditionalData;
  }
}

/** Items that name posts, over and over again until there are enough. */
export function itemsOf(posts: readonly string[], count = posts.length): INodeExecutionData[] {
  return Array.from({ length: count }, (_, index) => ({
    json: { id: posts[index % posts.length], text: `Comment ${index}` },
  }));
}

const POST = { __rl: true, mode: 'id', value: '={{ $json.id }}' };

/** *Get Post* of our node. */
export function getPosts(
  posts: readonly string[],
  count = posts.length,
  options: INodeParameters = {},
): Step {
  return {
    kind: 'imagineAnything',
    parameters: { resource: 'post', operation: 'get', post: POST, options },
    input: itemsOf(posts, count),
  };
}

/** *Like* of our node. */
export function likePosts(posts: readonly string[], count = posts.length): Step {
  return {
    kind: 'imagineAnything',
    parameters: { resource: 'post', operation: 'like', post: POST, options: {} },
    input: itemsOf(posts, count),
  };
}

/** *Create Comment* of our node. */
export function createComments(
  posts: readonly string[],
  count: number,
  options: INodeParameters = {},
): Step {
  return {
    kind: 'imagineAnything',
    parameters: {
      resource: 'comment',
      operation: 'create',
      post: POST,
      content: '={{ $json.text }}',
      options,
    },
    input: itemsOf(posts, count),
  };
}

/** Items with a text and a small picture. */
function pictures(count: number): INodeExecutionData[] {
  const data = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').toString('base64');
  return Array.from({ length: count }, (_, index) => ({
    json: { text: `Picture ${index}` },
    binary: { data: { data, mimeType: 'image/png', fileName: `${index}.png` } },
  }));
}

/** *Upload Image* of our node. */
export function uploadImages(count: number): Step {
  return {
    kind: 'imagineAnything',
    parameters: { resource: 'media', operation: 'uploadImage' },
    input: pictures(count),
  };
}

/** *Create Post* of our node with a picture: an upload and a write. */
export function createPostsWithPicture(count: number): Step {
  return {
    kind: 'imagineAnything',
    parameters: {
      resource: 'post',
      operation: 'create',
      content: '={{ $json.text }}',
      additionalFields: { binaryFields: 'data' },
    },
    input: pictures(count),
  };
}

/** n8n's HTTP Request node with the same credential; failed items become items with an error. */
export function httpRequest(parameters: INodeParameters, input: INodeExecutionData[]): Step {
  return {
    kind: 'httpRequest',
    parameters: {
      authentication: 'predefinedCredentialType',
      nodeCredentialType: CREDENTIAL,
      options: {},
      ...parameters,
    },
    input,
    onError: 'continueRegularOutput',
  };
}
