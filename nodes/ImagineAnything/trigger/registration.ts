import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { type Client, CREDENTIAL, openClient } from '../transport/client';
import { hadNoEffect } from '../transport/nodeError';
import { addressOf, checkParameters, warnOfSleep, whyOutOfReach } from './checks';
import { keep } from './keep';
import { removeLater } from './later';
import { readNote, type WebhookNote } from './note';
import { HOOK_MS, persistently, RETURN_MS, START_MS, within } from './patience';
import { type Activation, isSame, planActivation, planEnd, planListening } from './plan';
import { isInUse } from './probe';
import {
  elsewhere,
  outOfReach,
  PUBLIC_ADDRESS,
  siblings,
  unknownAgent,
  unverifiable,
  withoutSecret,
} from './problems';
import { forgetAddress, noteAddress, siblingAt } from './siblings';
import { messageOf } from './text';
import { inTurn } from './turns';
import { point, readAddress, remove, renew, whoAmI } from './webhook';

/** What a step of the lifecycle works with. */
interface Scene {
  context: IHookFunctions;
  client: Client;
  note: WebhookNote;
  /** The address of this node: n8n gives the test address to a test listener, else the production one. */
  own: string;
  /** Where the service delivers to. */
  current: string | undefined;
  /**
   * The static data of the node: `{ webhookUrl }` of an active workflow, `{ returnTo }` of a test listener,
   * which starts with none and gets back in `delete` what `create` stored (n8n 2.41.1).
   */
  data: IDataObject;
}

type Identity = Pick<WebhookNote, 'id' | 'handle'>;

/** The scene of a registration, which asks two things at once: until it is done, there may be no webhook. */
interface Beginning extends Scene {
  /** What the service said about the agent. */
  me: PromiseSettledResult<Identity>;
}

async function open(context: IHookFunctions, ms: number): Promise<Omit<Scene, 'current'>> {
  return {
    context,
    client: await openClient(context, within(ms)),
    note: readNote(await context.getCredentials(CREDENTIAL)),
    own: addressOf(context),
    data: context.getWorkflowStaticData('node'),
  };
}

async function look(context: IHookFunctions, ms = HOOK_MS): Promise<Scene> {
  const scene = await open(context, ms);
  return { ...scene, current: await readCurrent(scene) };
}

async function readCurrent({ client, own, data }: Omit<Scene, 'current'>) {
  return await readAddress(client, [own, data.webhookUrl, data.returnTo]);
}

function isTest(context: IHookFunctions): boolean {
  return context.getActivationMode() === 'manual';
}

function isRestart(context: IHookFunctions): boolean {
  return ['init', 'leadershipChange'].includes(context.getActivationMode());
}

function option(context: IHookFunctions, name: string, fallback: boolean): boolean {
  return context.getNodeParameter(`options.${name}`, fallback) === true;
}

function toActivation({ context, data, ...situation }: Scene): Activation {
  return {
    ...situation,
    noted: typeof data.webhookUrl === 'string' ? data.webhookUrl : undefined,
    webhookId: context.getNode().webhookId,
    replace: option(context, 'replaceExistingWebhook', false),
    rotate: option(context, 'rotateSecret', false),
    restarting: isRestart(context),
    again: context.getActivationMode() === 'update',
  };
}

/**
 * Says whether the events of the agent come here already, and their signatures can be checked, where n8n starts and
 * asks for every active workflow. Where a workflow is published, `register` finds out.
 *
 * @throws NodeApiError when the service cannot say; not when all was well before
 * @throws WebhookPathTakenError when a parameter cannot be read
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
  if (isTest(context)) return false;
  noteAddress(context, addressOf(context));
  if (isRestart(context)) return await isStillRegistered(context);
  checkParameters(context);
  warnOfSleep(context);
  // `register` asks the service anyway.
  return false;
}

async function isStillRegistered(context: IHookFunctions): Promise<boolean> {
  // Where n8n died while a test had the webhook, nothing arrives until it is given back.
  const isLent = readNote(await context.getCredentials(CREDENTIAL)).lentTo !== '';
  const scene = await open(context, isLent ? HOOK_MS : START_MS);
  const { note, own } = scene;
  const [read] = await Promise.allSettled([
    persistently(async () => await readCurrent(scene), isLent ? HOOK_MS : 0),
  ]);
  if (read.status === 'rejected') {
    // n8n would take the workflow down, refuse its deliveries, and not try again by itself (n8n 2.41.1).
    if (isSame(note.address, own) && note.secret !== '') return true;
    throw read.reason as Error;
  }
  const current = read.value;
  const { step } = planActivation(toActivation({ ...scene, current }));
  // A note without the address is of an n8n that ended just when the trigger was published again.
  if (step === 'keep' && isSame(note.address, own)) return true;
  const reason = step === 'refuse' ? undefined : await whyStay({ ...scene, current });
  if (reason === undefined) return false;
  context.logger.warn(`ImagineAnything Trigger "${context.getNode().name}": ${reason}`);
  return true;
}

/**
 * Says why a webhook that this node registered under another address should stay as it is: n8n may have been
 * started without its public address, or be a copy of another n8n that is in use.
 */
async function whyStay(scene: Scene): Promise<string | undefined> {
  const { context, current = '', own } = scene;
  if (!isMoved(scene)) return undefined;
  const problem = await whyOutOfReach(context);
  if (problem !== undefined) {
    return `the events go on going to ${current}, because ${own} ${problem}. ${PUBLIC_ADDRESS}`;
  }
  if (!(await isInUse(context, current))) return undefined;
  return `the events go on going to ${current}, where an n8n takes them. To have them here, turn on "Replace Existing Webhook" in the options of the node and publish the workflow again.`;
}

/** Whether the webhook is still where this node registered it when it had another address. */
function isMoved({ current, own, data }: Scene): boolean {
  return (
    current !== undefined && isSame(current, String(data.webhookUrl ?? '')) && !isSame(current, own)
  );
}

/**
 * Has the events of the agent delivered to this node: for good when a workflow is activated, on loan
 * when a test event is listened for.
 *
 * @returns true
 * @throws WebhookPathTakenError when the events go elsewhere, when the service could not reach n8n, or when a
 *   parameter cannot be read
 * @throws NodeOperationError when the secret cannot be had
 * @throws NodeApiError when the service refuses
 */
export async function register(context: IHookFunctions): Promise<boolean> {
  if (!isRestart(context)) checkParameters(context);
  const problem = await whyOutOfReach(context);
  if (problem !== undefined) throw outOfReach(context.getNode(), addressOf(context), problem);
  const { agent } = readNote(await context.getCredentials(CREDENTIAL));
  const began = performance.now();
  // n8n sets up all triggers of a workflow at once, and each would find that the agent has no webhook yet.
  await inTurn(agent, async () => {
    const opened = await open(context, Math.max(0, began + HOOK_MS - performance.now()));
    const [current, [me]] = await Promise.all([
      readCurrent(opened),
      Promise.allSettled([whoAmI(opened.client)]),
    ]);
    const scene = { ...opened, current, me };
    await (isTest(context) ? listen(scene) : activate(scene));
  });
  return true;
}

/** Reads who the agent is, which has to be known where its own actions are left out. */
function readSelf({ context, me: answer }: Beginning): Identity {
  if (answer.status === 'rejected') throw answer.reason as Error;
  const me = answer.value;
  if (me.id === '' && me.handle === '' && option(context, 'ignoreOwnActions', true)) {
    throw unknownAgent(context.getNode());
  }
  return me;
}

async function activate(scene: Beginning): Promise<void> {
  const { context, client, own, data } = scene;
  const sibling = siblingAt(context, own, scene.current);
  if (sibling !== undefined) throw siblings(context.getNode(), sibling);
  const plan = planActivation(toActivation(scene));
  if (plan.step === 'refuse') {
    if (plan.address !== scene.current) await giveBack(scene, plan.address);
    throw elsewhere(context.getNode(), plan.address);
  }
  const { current = '' } = scene;
  const replace = option(context, 'replaceExistingWebhook', false);
  if (isMoved(scene) && !replace && (await isInUse(context, current))) {
    throw elsewhere(context.getNode(), current);
  }
  const me = readSelf(scene);
  const note = { ...scene.note, ...me, address: own, lentTo: '' };
  if (plan.step === 'renew') note.secret = await newSecret(scene);
  if (plan.step === 'point') await point(client, own);
  await keep(context, client, note);
  data.webhookUrl = own;
}

async function listen(scene: Beginning): Promise<void> {
  const { context, client, own, data } = scene;
  const verify = option(context, 'verifySignature', true);
  const { returnTo, ...plan } = planListening({ ...scene, verify });
  if (plan.step === 'refuse') throw unverifiable(context.getNode(), plan.address);
  const me = readSelf(scene);
  data.returnTo = returnTo;
  const isKnown = returnTo === scene.note.address || isSame(returnTo, scene.note.address);
  const note = { ...scene.note, ...me, address: returnTo, lentTo: own };
  if (!isKnown) note.secret = '';
  if (plan.step === 'renew') {
    note.secret = await newSecret(scene);
    await keep(context, client, note);
    return;
  }
  // Noted first: should n8n die in between, the next start knows where the webhook belongs.
  await keep(context, client, note);
  if (plan.step === 'point') await point(client, own);
}

/**
 * Ends what `register` began: gives a borrowed webhook back, removes one of our own, and leaves alone
 * what is not ours any more. The webhook of an active workflow is removed some seconds later; see {@link removeLater}.
 *
 * @returns whether all went well
 * @throws NodeApiError when an active workflow could not be taken off the service: n8n tries again. After
 *   a test it goes on trying for half a minute, and then does not throw, because n8n could not go on; the
 *   next activation or start repairs it.
 */
export async function unregister(context: IHookFunctions): Promise<boolean> {
  forgetAddress(context, addressOf(context));
  const { returnTo } = context.getWorkflowStaticData('node');
  if (typeof returnTo !== 'string') return await end(context);
  const last = performance.now() + RETURN_MS;
  return await persistently(
    async () => await end(context, returnTo, last - performance.now()),
    RETURN_MS,
  ).catch((error: unknown) => {
    context.logger.error(
      `ImagineAnything Trigger "${context.getNode().name}": the webhook could not be given back after the test: ${messageOf(error)}`,
    );
    return false;
  });
}

async function end(context: IHookFunctions, returnTo?: string, ms?: number): Promise<true> {
  const scene = await look(context, ms);
  const { client, data, note, own } = scene;
  const plan = planEnd({ ...scene, returnTo });
  if (plan.step === 'return') await giveBack(scene, plan.address);
  if (plan.step === 'remove' && isSame(note.address, own)) {
    // Lent by nobody, it is whose trigger is registered next.
    await keep(context, client, { ...note, address: '', lentTo: own });
    removeLater(context, note.agent, async () => {
      const { address } = readNote(await context.getCredentials(CREDENTIAL));
      if (!isSame(address, own)) await end(context);
    });
  } else if (plan.step === 'remove') {
    // Before: no secret outlives its webhook, whatever happens in between.
    await keep(context, client, { ...note, secret: '', address: '', lentTo: '' });
    await remove(client);
  }
  if (plan.step === 'forget') await keep(context, client, { ...note, address: '' });
  // n8n calls this also after a failed activation, and then tries again: what is ours stays known.
  if (plan.step !== 'leave' || !isMoved(scene)) delete data.webhookUrl;
  delete data.returnTo;
  return true;
}

async function newSecret({ context, client, own, note }: Scene): Promise<string> {
  // Should n8n die before the new one is noted, the old one must not be taken for it.
  if (note.secret !== '') await keep(context, client, { ...note, secret: '' });
  const secret = await renew(client, own).catch(async (error: unknown) => {
    if (note.secret !== '' && hadNoEffect(error)) await keep(context, client, note);
    throw error;
  });
  if (secret === undefined && option(context, 'verifySignature', true)) {
    throw withoutSecret(context.getNode());
  }
  return secret ?? '';
}

async function giveBack({ context, client, note }: Scene, address: string): Promise<void> {
  await point(client, address);
  await keep(context, client, { ...note, address, lentTo: '' });
}
