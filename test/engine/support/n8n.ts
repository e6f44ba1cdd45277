import path from 'node:path';
import { LoadOptionsContext, PackageDirectoryLoader, WorkflowExecute } from 'n8n-core';
import {
  createRunExecutionData,
  type IBinaryData,
  type ICredentialDataDecryptedObject,
  type IDataObject,
  type INode,
  type INodeCredentialsDetails,
  type INodeExecutionData,
  type INodeListSearchResult,
  type INodeParameters,
  type INodeType,
  type INodeTypeDescription,
  type INodeTypes,
  type IRun,
  type IWorkflowExecuteAdditionalData,
  type IWorkflowSettings,
  type NodeParameterValueType,
  NodeConnectionTypes,
  Workflow,
} from 'n8n-workflow';
import { StoredCredentials } from './credentials';
import { insideExecution } from './ownClock';

const ROOT = path.resolve(__dirname, '../../..');

/** Hands on the items it is given, so that a workflow can begin with any items. */
const items: INodeType = {
  description: {
    displayName: 'Items',
    name: 'items',
    group: ['input'],
    version: 1,
    description: 'Gives the items of the test',
    defaults: { name: 'Items' },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    properties: [],
  },
  async execute() {
    return [this.getInputData()];
  },
};

export type NodeSettings = Partial<
  Pick<INode, 'onError' | 'continueOnFail' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries'>
>;

/** What one run of the node is given. */
export interface RunOptions {
  parameters: INodeParameters;
  input?: INodeExecutionData[];
  /** The id of a saved credential; none when left out. */
  credential?: string;
  settings?: NodeSettings;
  /** What is set for the whole workflow. */
  workflowSettings?: IWorkflowSettings;
  /** Ends the execution when aborted, as the editor's stop button does. */
  signal?: AbortSignal;
  /** How often the node runs in the execution, as in a loop. Default 1. */
  rounds?: number;
}

/** What came out of one run of the node. */
export interface RunResult {
  items: INodeExecutionData[];
  json: IDataObject[];
  /** The error that ended the execution. */
  error?: Error & {
    description?: string | null;
    httpCode?: string | null;
    context?: IDataObject;
  };
  run: IRun;
}

/** What the editor asks a list for. */
export interface SearchOptions {
  /** The id of a saved credential, or what a workflow says of one; none when left out. */
  credential?: string | INodeCredentialsDetails;
  /** The values of the other fields. */
  parameters?: INodeParameters;
  /** What the user typed. */
  filter?: string;
  cursor?: string;
}

const ACTION_NODE = 'n8n-nodes-imagineanything.imagineAnything';

function actionNode(parameters: INodeParameters): INode {
  return {
    id: 'node',
    name: 'ImagineAnything',
    type: ACTION_NODE,
    typeVersion: 1,
    position: [200, 0],
    parameters,
  };
}

/** n8n's execution engine with the built package loaded, and a credential store. */
export class N8n {
  readonly credentials: StoredCredentials;

  private executions = 0;

  private constructor(private readonly loader: PackageDirectoryLoader) {
    this.credentials = new StoredCredentials((name) => loader.getCredential(name).type);
  }

  /** Loads the built package as n8n does. */
  static async load(): Promise<N8n> {
    const loader = new PackageDirectoryLoader(ROOT);
    await loader.loadAll();
    return new N8n(loader);
  }

  private get nodeTypes(): INodeTypes {
    const type = (name: string) =>
      name === 'test.items'
        ? items
        : (this.loader.getNode(name.split('.').at(-1) ?? '').type as INodeType);
    return {
      getByName: type,
      getByNameAndVersion: type,
      getKnownTypes: () => ({}),
    };
  }

  /** Saves a credential for an agent; its id is its name. */
  saveCredential(id: string, data: ICredentialDataDecryptedObject): string {
    this.credentials.save(id, data);
    return id;
  }

  /** Runs the action node over the input items. */
  async run({
    parameters,
    input,
    credential,
    settings,
    workflowSettings,
    signal,
    rounds = 1,
  }: RunOptions): Promise<RunResult> {
    const node: INode = {
      ...actionNode(parameters),
      ...settings,
      credentials: credential ? { imagineAnythingApi: { id: credential, name: credential } } : {},
    };
    const start: INode = {
      id: 'start',
      name: 'Items',
      type: 'test.items',
      typeVersion: 1,
      position: [0, 0],
      parameters: {},
    };
    const workflow = new Workflow({
      id: 'workflow',
      nodes: [start, node],
      connections: {
        Items: { main: [[{ node: node.name, type: NodeConnectionTypes.Main, index: 0 }]] },
      },
      active: false,
      nodeTypes: this.nodeTypes,
      settings: { executionOrder: 'v1', ...workflowSettings },
    });
    // n8n stores the files of an execution that has an ID; only the tries of one need it.
    const executionId = settings?.retryOnFail ? String((this.executions += 1)) : undefined;
    const execution = new WorkflowExecute(
      { ...this.additionalData(), executionId },
      'manual',
      createRunExecutionData({
        executionData: {
          nodeExecutionStack: Array.from({ length: rounds }, () => ({
            node: start,
            data: { main: [input ?? [{ json: {} }]] },
            source: null,
          })),
        },
      }),
    );
    const run = await insideExecution(async () => {
      const running = execution.processRunExecutionData(workflow);
      signal?.addEventListener('abort', () => running.cancel());
      return await running;
    });
    const output = run.data.resultData.runData[node.name]?.at(-1)?.data?.main ?? [];
    const all = output.flatMap((branch) => branch ?? []);
    return {
      items: all,
      json: all.map(({ json }) => json),
      error: run.data.resultData.error as RunResult['error'],
      run,
    };
  }

  /** Asks the action node for a list that the editor shows. */
  async search(
    method: string,
    { parameters = {}, credential, filter, cursor }: SearchOptions,
  ): Promise<INodeListSearchResult> {
    const type = this.nodeTypes.getByNameAndVersion(ACTION_NODE);
    const chosen =
      typeof credential === 'string' ? { id: credential, name: credential } : credential;
    const node: INode = {
      ...actionNode(parameters),
      ...(chosen ? { credentials: { imagineAnythingApi: chosen } } : {}),
    };
    const workflow = new Workflow({
      nodes: [node],
      connections: {},
      active: false,
      nodeTypes: this.nodeTypes,
    });
    const additional = { ...this.additionalData(), currentNodeParameters: parameters };
    const context = new LoadOptionsContext(workflow, node, additional, '');
    const list = type.methods?.listSearch?.[method];
    if (!list) throw new Error(`The node has no list "${method}"`);
    return await list.call(context, filter, cursor);
  }

  /** What n8n makes of the stored value of a parameter when the node runs with an item. */
  evaluate(value: NodeParameterValueType, json: IDataObject): unknown {
    const node = actionNode({});
    const workflow = new Workflow({
      nodes: [node],
      connections: {},
      active: false,
      nodeTypes: this.nodeTypes,
    });
    return workflow.expression.getParameterValue(
      value,
      null,
      0,
      0,
      node.name,
      [{ json }],
      'manual',
      {},
    );
  }

  /** The names of the lists that the action node has. */
  get lists(): string[] {
    return Object.keys(this.nodeTypes.getByNameAndVersion(ACTION_NODE).methods?.listSearch ?? {});
  }

  /** What the editor knows about the action node. */
  get description(): INodeTypeDescription {
    return this.nodeTypes.getByNameAndVersion(ACTION_NODE).description;
  }

  private additionalData(): IWorkflowExecuteAdditionalData {
    const hooks = { runHook: async () => {} };
    // n8n fills in what a running server has; an execution of these nodes asks for no more than this.
    return {
      credentialsHelper: this.credentials,
      hooks,
      currentNodeExecutionIndex: 0,
      variables: {},
      restApiUrl: '',
      instanceBaseUrl: '',
      formBaseUrl: '',
      formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
      formTestBaseUrl: '',
      webhookBaseUrl: '',
      webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
      webhookTestBaseUrl: '',
      mcpBaseUrl: '',
      mcpTestBaseUrl: '',
      logAiEvent: () => {},
      setExecutionStatus: () => {},
    } as unknown as IWorkflowExecuteAdditionalData;
  }
}

/** A file in an item, kept in memory as n8n does by default in tests. */
export function binary(content: Buffer, fileName: string, mimeType: string): IBinaryData {
  return { data: content.toString('base64'), fileName, mimeType };
}
