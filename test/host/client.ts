import { parse as parseFlatted } from 'flatted';
import type {
  ExecutionStatus,
  IConnections,
  ICredentialDataDecryptedObject,
  INode,
  INodeTypeDescription,
  IPinData,
  IRunExecutionData,
  IWorkflowSettings,
  WorkflowExecuteMode,
} from 'n8n-workflow';

import { N8nSession } from './session';
import { until } from './until';

/** A workflow as n8n exports and imports it. */
export interface WorkflowJson {
  name: string;
  nodes: INode[];
  connections: IConnections;
  settings?: IWorkflowSettings;
  pinData?: IPinData;
  meta?: Record<string, unknown>;
}

export interface SavedWorkflow extends WorkflowJson {
  id: string;
  active: boolean;
  versionId: string;
  activeVersionId: string | null;
}

export interface Credential {
  id: string;
  name: string;
  type: string;
}

export interface CredentialInput {
  name: string;
  type: string;
  data: ICredentialDataDecryptedObject;
}

export interface CredentialTestResult {
  status: 'OK' | 'Error';
  message: string;
}

export interface ExecutionSummary {
  id: string;
  workflowId: string;
  mode: WorkflowExecuteMode;
  status: ExecutionStatus;
  startedAt: string;
  stoppedAt: string | null;
}

export interface Execution extends ExecutionSummary {
  data: IRunExecutionData;
}

/** A workflow was published, but a trigger of it could not be set up. */
export class N8nActivationError extends Error {
  constructor(readonly failures: Array<{ nodeId: string; message: string }>) {
    super(failures.map(({ message }) => message).join('\n'));
    this.name = 'N8nActivationError';
  }
}

interface PublicationStatus {
  status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
  triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

const UNFINISHED: readonly ExecutionStatus[] = ['new', 'running', 'waiting', 'unknown'];

/** What the editor does: credentials, workflows and executions of the signed-in user. */
export class N8nClient extends N8nSession {
  /** Descriptions of all node types that this n8n has loaded. */
  async nodeTypes(): Promise<INodeTypeDescription[]> {
    return (await this.fetch('GET', '/types/nodes.json')) as INodeTypeDescription[];
  }

  async createCredential(input: CredentialInput): Promise<Credential> {
    return await this.request('POST', '/rest/credentials', input);
  }

  async updateCredential(id: string, input: CredentialInput): Promise<Credential> {
    return await this.request('PATCH', `/rest/credentials/${id}`, input);
  }

  /** Changes a credential as its form does, which sends back all that it was given. */
  async changeCredential(id: string, changes: ICredentialDataDecryptedObject): Promise<Credential> {
    const { data, name, type } = await this.request<CredentialInput>(
      'GET',
      `/rest/credentials/${id}?includeData=true`,
    );
    return await this.updateCredential(id, { name, type, data: { ...data, ...changes } });
  }

  async deleteCredential(id: string): Promise<void> {
    await this.request('DELETE', `/rest/credentials/${id}`);
  }

  /** Presses the editor's test button for a saved credential, with `data` as in its form. */
  async testCredential(
    credential: Credential,
    data: ICredentialDataDecryptedObject,
  ): Promise<CredentialTestResult> {
    const { id, name, type } = credential;
    return await this.request('POST', '/rest/credentials/test', {
      credentials: { id, name, type, data },
    });
  }

  async createWorkflow(workflow: WorkflowJson): Promise<SavedWorkflow> {
    const { name, nodes, connections, settings = {}, pinData } = workflow;
    return await this.request('POST', '/rest/workflows', {
      name,
      nodes,
      connections,
      settings,
      pinData,
    });
  }

  async updateWorkflow(id: string, changes: Partial<WorkflowJson>): Promise<SavedWorkflow> {
    return await this.request('PATCH', `/rest/workflows/${id}`, changes);
  }

  async workflow(id: string): Promise<SavedWorkflow> {
    return await this.request('GET', `/rest/workflows/${id}`);
  }

  async workflows(): Promise<SavedWorkflow[]> {
    return await this.request('GET', '/rest/workflows');
  }

  /** Archives and deletes: n8n refuses to delete a workflow that is not archived. */
  async deleteWorkflow(id: string): Promise<void> {
    await this.request('POST', `/rest/workflows/${id}/archive`, {});
    await this.request('DELETE', `/rest/workflows/${id}`);
  }

  /**
   * Publishes the saved version of a workflow and waits until its triggers are set up: n8n 2.41
   * answers at once and sets them up afterwards.
   * @throws N8nActivationError with the node's message when a trigger could not be set up
   */
  async activate(id: string, timeoutMs = 60_000): Promise<void> {
    const { versionId } = await this.workflow(id);
    await this.request('POST', `/rest/workflows/${id}/activate`, { versionId });
    const { triggers } = await this.settled(id, (status) => status !== 'not_published', timeoutMs);
    const failures = triggers
      .filter(({ status }) => status === 'failed')
      .map(({ nodeId, errorMessage }) => ({ nodeId, message: errorMessage ?? 'No reason given' }));
    if (failures.length > 0) throw new N8nActivationError(failures);
  }

  /** Unpublishes a workflow and waits until its triggers are gone. */
  async deactivate(id: string, timeoutMs = 60_000): Promise<void> {
    await this.request('POST', `/rest/workflows/${id}/deactivate`, {});
    await this.settled(id, (status) => status === 'not_published', timeoutMs);
  }

  async publicationStatus(id: string): Promise<PublicationStatus> {
    return await this.request('GET', `/rest/workflows/${id}/publication-status`);
  }

  private async settled(
    id: string,
    wanted: (status: PublicationStatus['status']) => boolean,
    timeoutMs: number,
  ): Promise<PublicationStatus> {
    let last: PublicationStatus | undefined;
    return await until(
      async () => {
        last = await this.publicationStatus(id);
        return last.status !== 'in_progress' && wanted(last.status) ? last : undefined;
      },
      {
        what: `n8n to set up the triggers of workflow ${id}`,
        timeoutMs,
        details: () => JSON.stringify(last),
      },
    );
  }

  /**
   * Starts a workflow by hand, from its trigger node `trigger`.
   * @returns the execution's id
   */
  async run(id: string, trigger: string): Promise<string> {
    const result = await this.runManually(id, trigger);
    if (!result.executionId) {
      throw new Error(`"${trigger}" waits for an event; use listen() to start listening`);
    }
    return result.executionId;
  }

  /** Starts a workflow by hand and waits for its end. */
  async runToEnd(id: string, trigger: string, timeoutMs?: number): Promise<Execution> {
    return await this.finished(await this.run(id, trigger), timeoutMs);
  }

  /** Presses *Listen for test event* on the trigger node `trigger`. */
  async listen(id: string, trigger: string): Promise<void> {
    const result = await this.runManually(id, trigger);
    if (!result.waitingForWebhook) throw new Error(`"${trigger}" ran at once instead of listening`);
  }

  /** Presses *Stop listening*. */
  async stopListening(id: string): Promise<void> {
    await this.request('DELETE', `/rest/test-webhook/${id}`);
  }

  private async runManually(
    id: string,
    trigger: string,
  ): Promise<{ executionId?: string; waitingForWebhook?: boolean }> {
    return await this.request('POST', `/rest/workflows/${id}/run`, {
      triggerToStartFrom: { name: trigger },
    });
  }

  /** The newest executions first, at most `limit` (100 at the most). */
  async executions(workflowId: string, limit = 100): Promise<ExecutionSummary[]> {
    const { results } = await this.executionPage(workflowId, limit);
    return results;
  }

  async countExecutions(workflowId: string): Promise<number> {
    return (await this.executionPage(workflowId, 1)).count;
  }

  private async executionPage(
    workflowId: string,
    limit: number,
  ): Promise<{ results: ExecutionSummary[]; count: number }> {
    const query = new URLSearchParams({
      filter: JSON.stringify({ workflowId }),
      limit: String(limit),
    });
    return await this.request('GET', `/rest/executions?${query.toString()}`);
  }

  /** One execution with the output of each node. */
  async execution(id: string): Promise<Execution> {
    const { data, ...summary } = await this.request<ExecutionSummary & { data: string }>(
      'GET',
      `/rest/executions/${id}`,
    );
    return { ...summary, data: parseFlatted(data) as IRunExecutionData };
  }

  /** Waits until an execution has ended, well or not. */
  async finished(id: string, timeoutMs = 60_000): Promise<Execution> {
    let status: ExecutionStatus | undefined;
    return await until(
      async () => {
        const execution = await this.execution(id);
        ({ status } = execution);
        return UNFINISHED.includes(status) ? undefined : execution;
      },
      { what: `execution ${id} to end`, timeoutMs, details: () => `Its status: ${status}` },
    );
  }

  /** Waits until a workflow has `count` executions that ended, and returns its newest. */
  async executionsEnded(
    workflowId: string,
    count: number,
    timeoutMs = 60_000,
  ): Promise<ExecutionSummary[]> {
    return await until(
      async () => {
        const ended = (await this.executions(workflowId)).filter(
          ({ status }) => !UNFINISHED.includes(status),
        );
        return ended.length >= count ? ended : undefined;
      },
      { what: `${count} execution(s) of workflow ${workflowId}`, timeoutMs },
    );
  }
}
