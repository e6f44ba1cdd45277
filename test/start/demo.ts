import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Credential, Execution, N8nClient, SavedWorkflow, WorkflowJson } from '../host/client';
import { failure } from '../host/executions';
import { withCredential } from '../host/workflows';
import { CHECKOUT } from '../host/paths';
import type { RegisteredAgent, Sandbox } from '../sandbox/server';

/** A step of the demo failed; the message says which and why. */
export class DemoError extends Error {}

/** What the demo did, read from the sandbox, not from what n8n reports. */
export interface Demo {
  agent: RegisteredAgent;
  follower: RegisteredAgent;
  introduction: Run;
  greeting: Run & { comment: string };
}

interface Run {
  workflow: SavedWorkflow;
  execution: Execution;
  /** The text of the post that the agent published, or commented on. */
  post: string;
  /** The page of that post. */
  postUrl: string;
}

const CREDENTIAL_TYPE = 'imagineAnythingApi';

const NODES = [
  'n8n-nodes-imagineanything.imagineAnything',
  'n8n-nodes-imagineanything.imagineAnythingTrigger',
];

/** Lets an agent introduce itself, and answer another that follows it, by the example workflows. */
export async function runDemo(
  client: N8nClient,
  sandbox: Sandbox,
  report: (line: string) => void,
): Promise<Demo> {
  await client.enter();
  await requireNodes(client);
  report('Registering two agents and giving n8n their credentials.');
  const agent = sandbox.registerAgent({ handle: 'ada', name: 'Ada' });
  const follower = sandbox.registerAgent({ handle: 'grace', name: 'Grace' });
  const credential = await addCredential(client, sandbox, agent, 'ImagineAnything account');
  await addCredential(client, sandbox, follower, 'ImagineAnything account of @grace');

  const introduce = await addExample(client, 'introduce-yourself.json', credential);
  const greet = await addExample(client, 'follow-back-and-greet.json', credential);

  report(`Running the workflow "${introduce.name}".`);
  const introduction = await introduceYourself(client, sandbox, introduce, agent);

  report(`Activating the workflow "${greet.name}".`);
  await client.activate(greet.id).catch((error: Error) => {
    throw new DemoError(`The workflow "${greet.name}" could not be activated: ${error.message}`);
  });

  report(`@${follower.handle} posts something and follows @${agent.handle}.`);
  const greeting = await beFollowed(client, sandbox, greet, agent, follower);
  return { agent, follower, introduction, greeting };
}

/** A package that n8n could not load is not an error to n8n; it only says so in its log. */
async function requireNodes(client: N8nClient): Promise<void> {
  const loaded = (await client.nodeTypes()).map(({ name }) => name);
  const missing = NODES.filter((name) => !loaded.includes(name));
  if (missing.length > 0) throw new DemoError(`n8n has not loaded ${missing.join(' and ')}.`);
}

async function addCredential(
  client: N8nClient,
  sandbox: Sandbox,
  { clientId, clientSecret }: RegisteredAgent,
  name: string,
): Promise<Credential> {
  const data = { baseUrl: sandbox.url, clientId, clientSecret };
  const credential = await client.createCredential({ name, type: CREDENTIAL_TYPE, data });
  const { status, message } = await client.testCredential(credential, data);
  if (status !== 'OK') throw new DemoError(`The credential "${name}" does not work: ${message}`);
  return credential;
}

async function addExample(
  client: N8nClient,
  file: string,
  credential: Credential,
): Promise<SavedWorkflow> {
  const text = await readFile(join(CHECKOUT, 'examples', file), 'utf8');
  const example = JSON.parse(text) as WorkflowJson;
  return await client.createWorkflow(withCredential(example, credential));
}

async function introduceYourself(
  client: N8nClient,
  sandbox: Sandbox,
  workflow: SavedWorkflow,
  agent: RegisteredAgent,
): Promise<Demo['introduction']> {
  const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
  if (!trigger) throw new DemoError(`The workflow "${workflow.name}" has no trigger to start.`);
  const execution = await client.runToEnd(workflow.id, trigger.name);
  requireSuccess(workflow, execution);

  const { agent: profile } = (await sandbox.as(agent.handle).get('/api/agents/me')) as {
    agent: { bio: string | null; avatarUrl: string | null };
  };
  if (!profile.bio) throw new DemoError(`@${agent.handle} still has no bio.`);
  if (!profile.avatarUrl) throw new DemoError(`@${agent.handle} still has no picture.`);
  const post = await newestPostOf(sandbox, agent);
  if (!post) throw new DemoError(`@${agent.handle} has not posted.`);
  const postUrl = await pageOf(sandbox, post);
  return { workflow, execution, post: post.content, postUrl };
}

async function beFollowed(
  client: N8nClient,
  sandbox: Sandbox,
  workflow: SavedWorkflow,
  agent: RegisteredAgent,
  follower: RegisteredAgent,
): Promise<Demo['greeting']> {
  const acting = sandbox.as(follower.handle);
  await acting.post('/api/posts', {
    content: 'The most dangerous phrase in the language is: we have always done it this way.',
  });
  await acting.post(`/api/agents/${agent.handle}/follow`);
  await sandbox.settled();
  const [delivery] = sandbox.deliveries.filter(({ events }) => events.includes('follow'));
  if (delivery?.state !== 'delivered') {
    const reason = delivery ? (delivery.error ?? `status ${delivery.status}`) : 'none was sent';
    throw new DemoError(`n8n did not accept the event that tells of the follow: ${reason}`);
  }
  const [{ id }] = await client.executionsEnded(workflow.id, 1);
  const execution = await client.execution(id);
  requireSuccess(workflow, execution);

  const { following } = (await sandbox
    .as(agent.handle)
    .get(`/api/agents/${follower.handle}/follow`)) as { following: boolean };
  if (!following) throw new DemoError(`@${agent.handle} does not follow @${follower.handle} back.`);
  const post = await newestPostOf(sandbox, follower);
  if (!post) throw new DemoError(`@${follower.handle} has not posted.`);
  const { comments } = (await acting.get(`/api/posts/${post.id}/comments`)) as {
    comments: Array<{ content: string; agent: { handle: string } }>;
  };
  const comment = comments.find((candidate) => candidate.agent.handle === agent.handle);
  if (!comment) throw new DemoError(`@${agent.handle} has not greeted @${follower.handle}.`);
  const postUrl = await pageOf(sandbox, post);
  return { workflow, execution, comment: comment.content, post: post.content, postUrl };
}

function requireSuccess(workflow: SavedWorkflow, execution: Execution): void {
  if (execution.status === 'success') return;
  throw new DemoError(
    `The workflow "${workflow.name}" ended with status ${execution.status}: ${failure(execution) ?? 'no reason given'}`,
  );
}

async function newestPostOf(
  sandbox: Sandbox,
  { handle }: RegisteredAgent,
): Promise<{ id: string; content: string } | undefined> {
  const { posts } = (await sandbox.as(handle).get('/api/posts?limit=100')) as {
    posts: Array<{ id: string; content: string; agent: { handle: string } }>;
  };
  return posts.find(({ agent }) => agent.handle === handle);
}

/** The page of a post, which has been opened. */
async function pageOf(sandbox: Sandbox, { id }: { id: string }): Promise<string> {
  const address = `${sandbox.url}/post/${id}`;
  const { status } = await fetch(address, { headers: { Accept: 'text/html' } });
  if (status !== 200) throw new DemoError(`The page ${address} answered ${status}.`);
  return address;
}
