import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { CREDENTIAL, type CredentialClient, openClient } from '../transport/client';
import { hadNoEffect } from '../transport/nodeError';
import {
  checkParameters,
  isRestart,
  isTest,
  option,
  warnAboutWaiting,
  webhookUnreachableReason,
  webhookUrlOf,
} from './checks';
import { removeLater } from './removeLater';
import { saveState } from './saveState';
import { readWebhookState, type WebhookState } from './webhookState';
import { HOOK_MS, retryFor, RETURN_MS, START_MS, clientSettingsFor } from './hookDeadline';
import { type Activation, isSame, planActivation, planEnd, planListening } from './webhookPlan';
import { isInUse } from './webhookProbe';
import {
  webhookInUse,
  unreachable,
  PUBLIC_URL_HINT,
  duplicateTrigger,
  unknownAgent,
  unknownSecret,
  secretMissing,
} from './errors';
import { untrackTrigger, trackTrigger, findOtherTrigger } from './trackedTriggers';
import { messageOf } from './text';
import { serialize } from './serialize';
import {
  setWebhookUrl,
  readWebhookUrl,
  deleteWebhook,
  registerWebhook,
  readAgent,
} from './webhookApi';

/** What a step of the lifecycle works with. */
interface Scene {
  context: IHookFunctions;
  client: CredentialClient;
  note: WebhookState;
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

type Identity = Pick<WebhookState, 'id' | 'handle'>;

/** The scene of a registration, with the agent: both are requested in parallel, as there may be no webhook yet. */
interface Beginning extends Scene {
  me: PromiseSettledResult<Identity>;
}

async function open(context: IHookFunctions, ms: number): Promise<Omit<Scene, 'current'>> {
  return {
    context,
    client: await openClient(context, clientSettingsFor(ms)),
    note: readWebhookState(await context.getCredentials(CREDENTIAL)),
    own: webhookUrlOf(context),
    data: context.getWorkflowStaticData('node'),
  };
}

async function look(context: IHookFunctions, ms = HOOK_MS): Promise<Scene> {
  const scene = await open(context, ms);
  return { ...scene, current: await readCurrent(scene) };
}

async function readCurrent({ client, own, data }: Omit<Scene, 'current'>) {
  return await readWebhookUrl(client, [own, data.webhookUrl, data.returnTo]);
}

function toActivation({ context, data, ...situation }: Scene): Activation {
  return {
    ...situation,
    noted: typeof data.webhookUrl === 'string' ? data.webhookUrl : undefined,
    webhookId: context.getNode().webhookId,
    replace: option(context, 'replaceExistingWebhook'),
    rotate: option(context, 'rotateSecret'),
    restarting: isRestart(context),
    again: context.getActivationMode() === 'update',
  };
}

/**
 * Whether the events of the agent are already delivered here and can be verified, which n8n asks for every active
 * workflow when it starts. When a workflow is published, `register` checks.
 *
 * @throws NodeApiError when the service cannot say; not when all was well before
 * @throws WebhookPathTakenError when a parameter cannot be read
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
  if (isTest(context)) return false;
  trackTrigger(context, webhookUrlOf(context));
  if (isRestart(context)) return await isStillRegistered(context);
  checkParameters(context);
  warnAboutWaiting(context);
  // `register` asks the service anyway.
  return false;
}

async function isStillRegistered(context: IHookFunctions): Promise<boolean> {
  // Where n8n died while a test had the webhook, nothing arrives until it is given back.
  const isLent = readWebhookState(await context.getCredentials(CREDENTIAL)).lentTo !== '';
  const scene = await open(context, isLent ? HOOK_MS : START_MS);
  const { note, own } = scene;
  const [read] = await Promise.allSettled([
    retryFor(async () => await readCurrent(scene), isLent ? HOOK_MS : 0),
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
  const problem = await webhookUnreachableReason(context);
  if (problem !== undefined) {
    return `events are still delivered to ${current}, because ${own} ${problem}. ${PUBLIC_URL_HINT}`;
  }
  if (!(await isInUse(context, current))) return undefined;
  return `events are still delivered to ${current}, where an n8n instance accepts them. To receive them here, turn on "Replace Existing Webhook" in the options of this node and publish the workflow again.`;
}

/** Whether the webhook is still where this node registered it when it had another address. */
function isMoved({ current, own, data }: Scene): boolean {
  return (
    current !== undefined && isSame(current, String(data.webhookUrl ?? '')) && !isSame(current, own)
  );
}

/**
 * Registers the webhook: for an active workflow, or temporarily while the user listens for a test event.
 *
 * @returns true
 * @throws WebhookPathTakenError when the webhook is in use, n8n is not reachable, or a parameter is not valid
 * @throws NodeOperationError when there is no signing secret
 * @throws NodeApiError when a request fails
 */
export async function register(context: IHookFunctions): Promise<boolean> {
  if (!isRestart(context)) checkParameters(context);
  const problem = await webhookUnreachableReason(context);
  if (problem !== undefined) throw unreachable(context.getNode(), webhookUrlOf(context), problem);
  const { agent } = readWebhookState(await context.getCredentials(CREDENTIAL));
  const began = performance.now();
  // n8n sets up all triggers of a workflow at once, and each would find that the agent has no webhook yet.
  await serialize(agent, async () => {
    const opened = await open(context, Math.max(0, began + HOOK_MS - performance.now()));
    const [current, [me]] = await Promise.all([
      readCurrent(opened),
      Promise.allSettled([readAgent(opened.client)]),
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
  if (me.id === '' && me.handle === '' && option(context, 'ignoreOwnActions')) {
    throw unknownAgent(context.getNode());
  }
  return me;
}

async function activate(scene: Beginning): Promise<void> {
  const { context, client, own, data } = scene;
  const sibling = findOtherTrigger(context, own, scene.current);
  if (sibling !== undefined) throw duplicateTrigger(context.getNode(), sibling);
  const plan = planActivation(toActivation(scene));
  if (plan.step === 'refuse') {
    if (plan.address !== scene.current) await giveBack(scene, plan.address);
    throw webhookInUse(context.getNode(), plan.address);
  }
  const { current = '' } = scene;
  const replace = option(context, 'replaceExistingWebhook');
  if (isMoved(scene) && !replace && (await isInUse(context, current))) {
    throw webhookInUse(context.getNode(), current);
  }
  const me = readSelf(scene);
  const note = { ...scene.note, ...me, address: own, lentTo: '' };
  if (plan.step === 'renew') note.secret = await newSecret(scene);
  if (plan.step === 'point') await setWebhookUrl(client, own);
  await saveState(context, client, note);
  data.webhookUrl = own;
}

async function listen(scene: Beginning): Promise<void> {
  const { context, client, own, data } = scene;
  const verify = option(context, 'verifySignature');
  const { returnTo, ...plan } = planListening({ ...scene, verify });
  if (plan.step === 'refuse') throw unknownSecret(context.getNode(), plan.address);
  const me = readSelf(scene);
  data.returnTo = returnTo;
  const isKnown = returnTo === scene.note.address || isSame(returnTo, scene.note.address);
  const note = { ...scene.note, ...me, address: returnTo, lentTo: own };
  if (!isKnown) note.secret = '';
  if (plan.step === 'renew') {
    note.secret = await newSecret(scene);
    await saveState(context, client, note);
    return;
  }
  // Noted first: should n8n die in between, the next start knows where the webhook belongs.
  await saveState(context, client, note);
  if (plan.step === 'point') await setWebhookUrl(client, own);
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
  untrackTrigger(context, webhookUrlOf(context));
  const { returnTo } = context.getWorkflowStaticData('node');
  if (typeof returnTo !== 'string') return await end(context);
  const last = performance.now() + RETURN_MS;
  return await retryFor(
    async () => await end(context, returnTo, last - performance.now()),
    RETURN_MS,
  ).catch((error: unknown) => {
    context.logger.error(
      `ImagineAnything Trigger "${context.getNode().name}" could not restore the webhook after the test: ${messageOf(error)}`,
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
    await saveState(context, client, { ...note, address: '', lentTo: own });
    removeLater(context, note.agent, async () => {
      const { address } = readWebhookState(await context.getCredentials(CREDENTIAL));
      if (!isSame(address, own)) await end(context);
    });
  } else if (plan.step === 'remove') {
    // Before: no secret outlives its webhook, whatever happens in between.
    await saveState(context, client, { ...note, secret: '', address: '', lentTo: '' });
    await deleteWebhook(client);
  }
  if (plan.step === 'forget') await saveState(context, client, { ...note, address: '' });
  // n8n calls this also after a failed activation, and then tries again: what is ours stays known.
  if (plan.step !== 'leave' || !isMoved(scene)) delete data.webhookUrl;
  delete data.returnTo;
  return true;
}

async function newSecret({ context, client, own, note }: Scene): Promise<string> {
  // Should n8n die before the new one is noted, the old one must not be taken for it.
  if (note.secret !== '') await saveState(context, client, { ...note, secret: '' });
  const secret = await registerWebhook(client, own).catch(async (error: unknown) => {
    if (note.secret !== '' && hadNoEffect(error)) await saveState(context, client, note);
    throw error;
  });
  if (secret === undefined && option(context, 'verifySignature')) {
    throw secretMissing(context.getNode());
  }
  return secret ?? '';
}

async function giveBack({ context, client, note }: Scene, address: string): Promise<void> {
  await setWebhookUrl(client, address);
  await saveState(context, client, { ...note, address, lentTo: '' });
}
