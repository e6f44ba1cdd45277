import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { RegisteredAgent } from '../sandbox/server';
import type { Credential, Execution, SavedWorkflow, WorkflowJson } from './client';
import { failure, output } from './executions';
import { CHECKOUT } from './paths';
import { type UsedN8n, useN8n } from './useN8n';
import { MANUAL, withCredential } from './workflows';

const FOLDER = join(CHECKOUT, 'examples');

/** An agent, and the credential that a user of n8n has for it. */
export interface User {
  agent: RegisteredAgent;
  credential: Credential;
}

/** An n8n and a sandbox, and what the tests of the examples do with them. */
export interface UsedExamples extends UsedN8n {
  /** Registers an agent and saves its credential. */
  addUser(this: void, handle: string, openAiApiKey?: string): Promise<User>;
  /** Imports an example and chooses the credential in it. */
  importExample(this: void, file: string, credential: Credential): Promise<SavedWorkflow>;
  /** Runs a workflow from one of its triggers; fails unless the execution succeeds. */
  run(this: void, workflow: SavedWorkflow, trigger?: string): Promise<Execution>;
  /** Publishes a post. @returns its id */
  publish(this: void, handle: string, content: string): Promise<string>;
}

/** Starts an n8n and a sandbox for the tests of the file, each of which fails when the contract is broken. */
export function useExamples(): UsedExamples {
  const used = useN8n();
  const { host, sandbox } = used;

  afterEach(() => {
    expect(sandbox.contractViolations).toEqual([]);
  });

  return {
    ...used,
    addUser: async (handle, openAiApiKey) => {
      const agent = sandbox.registerAgent({ handle, name: handle });
      const { clientId, clientSecret } = agent;
      const credential = await host.client.createCredential({
        name: `ImagineAnything account of @${handle}`,
        type: 'imagineAnythingApi',
        data: {
          ...{ baseUrl: sandbox.url, clientId, clientSecret },
          ...(openAiApiKey && { useAiProviderKeys: true, openAiApiKey }),
        },
      });
      return { agent, credential };
    },
    importExample: async (file, credential) =>
      await host.client.createWorkflow(withCredential(await readExample(file), credential)),
    run: async ({ id }, trigger = MANUAL) => {
      const execution = await host.client.runToEnd(id, trigger, 90_000);
      expect([execution.status, failure(execution)]).toEqual(['success', undefined]);
      return execution;
    },
    publish: async (handle, content) => {
      const answer = await sandbox.as(handle).post('/api/posts', { content });
      return (answer as { post: { id: string } }).post.id;
    },
  };
}

/** All examples, with the names of their files. */
export async function readExamples(): Promise<Array<[file: string, workflow: WorkflowJson]>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json'));
  return await Promise.all(
    files.map(async (file): Promise<[string, WorkflowJson]> => [file, await readExample(file)]),
  );
}

async function readExample(file: string): Promise<WorkflowJson> {
  return JSON.parse(await readFile(join(FOLDER, file), 'utf8')) as WorkflowJson;
}

/** The JSON of every item that a node output. */
export const jsonOf = (execution: Execution, node: string) =>
  output(execution, node).map((item) => item.json);

/** A text field of every item that a node output. */
export const textsOf = (execution: Execution, node: string, field: string) =>
  jsonOf(execution, node).map((item) => item[field] as string);
