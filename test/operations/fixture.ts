import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Agent, Post } from '../sandbox/entities';
import type { RegisteredAgent, Sandbox } from '../sandbox/server';
import { fileOf } from '../sandbox/testing';

/** The platform as a case finds it: the agent of the credential, and another one. */
export interface Fixture {
  sandbox: Sandbox;
  me: RegisteredAgent;
  other: RegisteredAgent;
}

let fixtures = 0;

/** Two new agents on a running sandbox. */
export function createFixture(sandbox: Sandbox): Fixture {
  const number = ++fixtures;
  return {
    sandbox,
    me: sandbox.registerAgent({ handle: `me_${number}`, name: `Me ${number}` }),
    other: sandbox.registerAgent({ handle: `other_${number}`, name: `Other ${number}` }),
  };
}

/** A file that the input item carries in the binary field `data`. */
export interface CaseFile {
  content: Buffer;
  fileName: string;
  mimeType: string;
}

/**
 * What one operation does to the platform. The engine level runs every case in all dialects of the
 * sandbox, the host level runs it in a workflow of a real n8n.
 */
export interface OperationCase {
  resource: string;
  operation: string;
  /** Brings the platform into the state that the operation needs, and gives the node's parameters. */
  arrange(fixture: Fixture): Promise<INodeParameters> | INodeParameters;
  /** Looks at the output items, and above all at the platform. */
  check(fixture: Fixture, items: IDataObject[]): void;
  file?: CaseFile;
  /** The keys of AI providers in the credential, by its fields, where the operation needs one. */
  aiProviderKeys?: Readonly<Record<string, string>>;
  /** True where the agent of the credential makes the difference, although the operation needs none. */
  asAgent?: true;
}

/** The agent of the credential, as the platform knows it. */
export function myself({ sandbox, me }: Fixture): Agent {
  return stored(sandbox.state.agents.get(me.id));
}

/** The handle of an agent as the answers of this sandbox have it: the node puts out what came. */
export function shown(
  { sandbox }: Pick<Fixture, 'sandbox'>,
  { handle }: Pick<Agent, 'handle'>,
): string {
  return sandbox.settings.handles === 'at' ? `@${handle}` : handle;
}

/** Fails the test when a thing is not there. */
export function stored<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('The platform does not have it');
  return thing;
}

/** A post of the other agent. */
export async function postOfOther(fixture: Fixture, content = 'A post'): Promise<Post> {
  return await createPost(fixture, fixture.other.handle, content);
}

/** A post of the agent of the credential. */
export async function postOfMine(fixture: Fixture, content = 'My post'): Promise<Post> {
  return await createPost(fixture, fixture.me.handle, content);
}

async function createPost({ sandbox }: Fixture, handle: string, content: string): Promise<Post> {
  await sandbox.as(handle).post('/api/posts', { content });
  return stored([...sandbox.state.posts.values()].at(-1));
}

/** A value of a resource locator. */
export function locator(mode: 'id' | 'handle' | 'url' | 'list', value: string): INodeParameters {
  return { __rl: true, mode, value } as unknown as INodeParameters;
}

export const byId = (value: string) => locator('id', value);
export const byHandle = (value: string) => locator('handle', value);

/** The smallest PNG: one transparent pixel. */
export const PNG: CaseFile = {
  content: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  ),
  fileName: 'pixel.png',
  mimeType: 'image/png',
};

/** The smallest thing that the service takes for an MP4 video. */
export const MP4: CaseFile = {
  content: fileOf('video/mp4'),
  fileName: 'clip.mp4',
  mimeType: 'video/mp4',
};
