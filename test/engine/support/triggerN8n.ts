/** n8n around the trigger, in n8n-core's own contexts. */
import { ExecuteContext, HookContext, WebhookContext } from 'n8n-core';
import {
  createEmptyRunExecutionData,
  resolveWebhookDescriptionField,
  type IConnections,
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
import type { StoredCredentials } from './credentials';
import { insideExecution } from './ownClock';

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
export class TriggerN8n {
  readonly started: Started[] = [];
  readonly warnings: string[] = [];
  /** How many of the next workflows fail. */
  failures = 0;
  private readonly workflows = new Map<string, { workflow: Workflow; name: string }>();
  /** Those that were active before. */
  private readonly inactive = new Set<string>();
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
    const title = `Workflow ${workflow}`;
    const settings = { id: workflow, name: title, nodes, connections, active: true, nodeTypes };
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
      restApiUrl: `${this.base}/rest`,
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
    const method = this.nodeType.webhookMethods?.default?.[name];
    return await insideExecution(async () => await method?.call(context));
  }

  async activate(id: string, mode = 'activate'): Promise<void> {
    // n8n accepts deliveries to the test URL before it calls the hook, and to the production URL after it.
    if (mode === 'manual') this.inactive.delete(id);
    if (!(await this.hook('checkExists', id, mode))) await this.hook('create', id, mode);
    this.inactive.delete(id);
  }

  /** What n8n does when a workflow is unpublished, and before it registers a changed trigger again. */
  async deactivate(id: string): Promise<void> {
    await this.hook('delete', id, 'update');
    this.inactive.add(id);
  }

  async listen(id: string): Promise<void> {
    await this.activate(`${id} test`, 'manual');
  }

  async stopListening(id: string): Promise<void> {
    await this.deactivate(`${id} test`);
  }

  /** Takes a request as n8n's `executeWebhook` does. */
  async take(url: string, headers: Record<string, string | string[] | undefined>, body?: Buffer) {
    const { pathname, searchParams } = new URL(url, this.base);
    const [, kind, hook] = pathname.split('/');
    const id = hook.replace('hook-', '') + (kind === 'webhook-test' ? ' test' : '');
    if (this.inactive.has(id)) throw new Error(`The workflow ${id} is not active`);
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
    const query = Object.fromEntries(searchParams);
    additional.httpRequest = { headers, query, rawBody: body } as never;
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
      if (isAwaited && !answer.headersSent && this.failures-- > 0)
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
