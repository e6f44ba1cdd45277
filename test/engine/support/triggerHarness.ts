/** What the tests of the trigger share: n8n around it, in n8n-core's own contexts, and the sandbox that delivers to it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  DataDeduplicationService,
  ExecuteContext,
  HookContext,
  PackageDirectoryLoader,
  WebhookContext,
} from 'n8n-core';
import {
  createEmptyRunExecutionData,
  resolveWebhookDescriptionField,
  type IConnections,
  type IDataDeduplicator,
  type IDataObject,
  type INode,
  type INodeExecutionData,
  type INodeType,
  type INodeTypes,
  type IWebhookData,
  type IWorkflowExecuteAdditionalData,
  Workflow,
  type WorkflowActivateMode,
} from 'n8n-workflow';
import { until } from '../../host/until';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import { StoredCredentials } from './credentials';
import { stopClock } from './clock';
import { Processed } from './processed';

export interface Started {
  workflow: string;
  mode: string;
  items: INodeExecutionData[];
}

/** What is around a trigger, where it matters. */
export interface Surroundings {
  /** The workflow that the trigger is in; one of its own when left out. */
  workflow?: string;
  name?: string;
  /** The nodes after it, one after the other. */
  next?: INode[];
}

/** What n8n does around a trigger: its hooks, its two addresses, and an execution for what it lets through. */
export class N8n {
  readonly started: Started[] = [];
  readonly warnings: string[] = [];
  /** How many of the next workflows fail. */
  failures = 0;
  private readonly workflows = new Map<string, { workflow: Workflow; name: string }>();
  private executions = 0;

  constructor(
    private readonly nodeType: INodeType,
    readonly credentials: StoredCredentials,
    private readonly base: string,
  ) {}

  add(
    id: string,
    credential: string,
    options: IDataObject = {},
    events: string[] = ['*'],
    { workflow = id, name = 'Trigger', next = [] }: Surroundings = {},
  ): string {
    // n8n leaves the parameters of a node whose type it does not know as they are.
    const type = (name: string) => (name === 'trigger' ? this.nodeType : undefined);
    const node: INode = {
      // Of its own for each test, because the trigger remembers what was delivered to a node.
      id: `node ${id} of ${credential}`,
      name,
      type: 'trigger',
      typeVersion: 1,
      position: [0, 0],
      webhookId: `hook-${id}`,
      parameters: { events, options: options as never },
      credentials: { imagineAnythingApi: { id: credential, name: credential } },
    };
    const nodeTypes = { getByName: type, getByNameAndVersion: type } as unknown as INodeTypes;
    const connections: IConnections = {};
    [node, ...next].forEach((each, index, all) => {
      if (index > 0) {
        connections[all[index - 1].name] = {
          main: [[{ node: each.name, type: 'main', index: 0 }]],
        };
      }
    });
    const nodes = [node, ...next];
    const settings = { id: workflow, nodes, connections, active: true, nodeTypes };
    this.workflows.set(id, { workflow: new Workflow(settings), name });
    // A test listener starts with static data of its own.
    this.workflows.set(`${id} test`, { workflow: new Workflow(settings), name });
    return id;
  }

  /** Says that a workflow had registered its webhook under this address, as n8n's database remembers it. */
  registeredAs(id: string, webhookUrl: string): void {
    const { workflow, node } = this.parts(id);
    workflow.getStaticData('node', node).webhookUrl = webhookUrl;
  }

  private parts(id: string) {
    const { workflow, name } = this.workflows.get(id) ?? {};
    const node = workflow?.getNode(name ?? '');
    if (!workflow || !node) throw new Error(`There is no workflow ${id}`);
    const data = {
      webhookDescription: this.nodeType.description.webhooks?.[0],
      isTest: id.endsWith(' test'),
    } as IWebhookData;
    const additional = {
      credentialsHelper: this.credentials,
      webhookBaseUrl: `${this.base}/webhook`,
      webhookTestBaseUrl: `${this.base}/webhook-test`,
      executionId: String(this.executions),
    } as unknown as IWorkflowExecuteAdditionalData;
    return { workflow, node, data, additional };
  }

  private async hook(name: 'checkExists' | 'create' | 'delete', id: string, mode: string) {
    const { workflow, node, data, additional } = this.parts(id);
    const activation = mode as WorkflowActivateMode;
    const context = new HookContext(workflow, node, additional, 'trigger', activation, data);
    context.logger.warn = (message: string) => this.warnings.push(message);
    context.logger.error = (message: string) => this.warnings.push(message);
    return await this.nodeType.webhookMethods?.default?.[name].call(context);
  }

  async activate(id: string, mode = 'activate'): Promise<void> {
    if (!(await this.hook('checkExists', id, mode))) await this.hook('create', id, mode);
  }

  /** What n8n does when a workflow is unpublished, and before it registers a changed trigger again. */
  async deactivate(id: string): Promise<void> {
    await this.hook('delete', id, 'update');
  }

  async listen(id: string): Promise<void> {
    await this.activate(`${id} test`, 'manual');
  }

  async stopListening(id: string): Promise<void> {
    await this.deactivate(`${id} test`);
  }

  /** Takes a request as n8n's `executeWebhook` does. */
  async take(url: string, headers: Record<string, string | string[] | undefined>, body?: Buffer) {
    const [, kind, hook] = url.split('/');
    const id = hook.replace('hook-', '') + (kind === 'webhook-test' ? ' test' : '');
    const { workflow, node, data, additional } = this.parts(id);
    const answer = {
      statusCode: 200,
      headersSent: false,
      body: {} as unknown,
      setHeader() {},
      status(code: number) {
        answer.statusCode = code;
        return answer;
      },
      json(value: unknown) {
        answer.body = value;
        answer.headersSent = true;
      },
    };
    additional.httpRequest = { headers, rawBody: body } as never;
    additional.httpResponse = answer as never;
    const mode = data.isTest ? 'manual' : 'webhook';
    const context = new WebhookContext(workflow, node, additional, mode, data, [], null);
    context.logger.warn = (message: string) => this.warnings.push(message);
    context.logger.error = (message: string) => this.warnings.push(message);
    const result = await this.nodeType.webhook?.call(context);
    const items = result?.workflowData?.[0];
    if (items) {
      this.started.push({ workflow: id, mode, items: await this.execute(id, mode, items) });
      const respond = resolveWebhookDescriptionField(node, data.webhookDescription, 'responseMode');
      const isAwaited = respond.resolved && respond.value === 'lastNode';
      if (isAwaited && this.failures-- > 0)
        answer.status(500).json({ message: 'Error in workflow' });
    }
    if (!answer.headersSent) answer.json(result?.webhookResponse ?? { message: 'started' });
    return answer;
  }

  async execute(
    id: string,
    mode: 'manual' | 'webhook' | 'retry',
    items: INodeExecutionData[],
    again = false,
  ) {
    if (!again) this.executions += 1;
    const { workflow, node, additional } = this.parts(id);
    const input = { main: [items] };
    const context = new ExecuteContext(
      workflow,
      node,
      additional,
      mode,
      createEmptyRunExecutionData(),
      0,
      items,
      input,
      { node, data: input, source: null },
      [],
    );
    context.logger.warn = (message: string) => this.warnings.push(message);
    return ((await this.nodeType.execute?.call(context)) as INodeExecutionData[][])[0];
  }
}

/** An agent of its own for a test, in an n8n of its own. */
interface Beginning {
  n8n: N8n;
  handle: string;
}

/** A sandbox, and a server that hands its deliveries to n8n. */
export interface TriggerHarness {
  sandbox: Sandbox;
  processed: Processed;
  /** Where n8n takes deliveries. */
  base: string;
  begin(): Beginning;
  /** Unpublishes a workflow, and waits until its webhook is removed. */
  unpublish(id: string): Promise<void>;
  /** Waits until what `deactivate` began for any workflow has ended, whether it removes something or not. */
  afterRemovals(): Promise<void>;
  close(): Promise<void>;
}

/** Starts what the tests of a file share. Before each test comes `begin`. */
export async function startTriggerHarness(): Promise<TriggerHarness> {
  const loader = new PackageDirectoryLoader(path.resolve(__dirname, '../../..'));
  await loader.loadAll();
  const processed = new Processed();
  await DataDeduplicationService.init(processed as unknown as IDataDeduplicator);
  const sandbox = await startSandbox({
    limits: { reads: Infinity, writes: Infinity, auths: Infinity },
  });
  let n8n: N8n;
  let handle: string;
  let agents = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void n8n.take(request.url ?? '', request.headers, Buffer.concat(chunks)).then((answer) => {
        response.writeHead(answer.statusCode).end(JSON.stringify(answer.body));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const newAgent = (credentials: StoredCredentials): string => {
    const name = `agent_${++agents}`;
    const agent = sandbox.registerAgent({ handle: name, name: 'Me' });
    credentials.save(name, { ...agent, baseUrl: sandbox.url } as never);
    return name;
  };
  const removed = async (of: string) =>
    await until(() => sandbox.state.agentByHandle(of)?.webhook === null, {
      what: `the webhook of @${of} to be removed`,
    });
  return {
    sandbox,
    processed,
    base,
    begin() {
      sandbox.faults.clear();
      const { type } = loader.getNode('imagineAnythingTrigger');
      const credentials = new StoredCredentials((name) => loader.getCredential(name).type);
      n8n = new N8n(type as INodeType, credentials, base);
      handle = newAgent(credentials);
      return { n8n, handle };
    },
    async unpublish(id) {
      const goOn = stopClock();
      await n8n.deactivate(id);
      goOn();
      await removed(handle);
    },
    async afterRemovals() {
      // Removals wait equally long, so one that begins now is the last; each agent has its turns.
      const last = newAgent(n8n.credentials);
      n8n.add(last, last);
      await n8n.activate(last);
      await n8n.deactivate(last);
      await removed(last);
    },
    async close() {
      server.close();
      await sandbox.close();
    },
  };
}

let events = 0;

/** An event of its own, in the form that is taken to be the usual one: somebody follows the agent. */
export const follow = (change: IDataObject = {}): IDataObject => ({
  id: `evt_${++events}`,
  event: 'follow',
  createdAt: new Date().toISOString(),
  data: { actor: { id: 'agent_x', handle: 'someone' } },
  ...change,
});
