import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeApiError, NodeOperationError, WebhookPathTakenError } from 'n8n-workflow';
import { isLoopback, readBaseUrl } from '../../../credentials/baseUrl';
import { type ApiRequest, type Client, CREDENTIAL, openClient } from '../transport/client';
import { isRecord } from '../transport/failure';
import { whyUnreachable } from './address';
import { ADDRESS_KEYS, SECRET_KEYS, WEBHOOK_KEYS } from './assumptions';
import { readNote, toMembers, type WebhookNote } from './note';
import { HOOK_MS, persistently, START_MS, within } from './patience';
import { type Activation, isSame, planActivation, planEnd, planListening } from './plan';
import { NOT_JSON } from './receive';

const PATH = '/agents/me/webhook';

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

async function open(context: IHookFunctions, ms: number): Promise<Omit<Scene, 'current'>> {
  return {
    context,
    client: await openClient(context, within(ms)),
    note: readNote(await context.getCredentials(CREDENTIAL)),
    own: context.getNodeWebhookUrl('default') ?? '',
    data: context.getWorkflowStaticData('node'),
  };
}

async function look(context: IHookFunctions): Promise<Scene> {
  const scene = await open(context, HOOK_MS);
  return { ...scene, current: await readCurrent(scene) };
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
  };
}

/**
 * Says whether the events of the agent come here already, and their signatures can be checked.
 * n8n asks when a workflow is activated, and for every active workflow when it starts.
 *
 * @throws NodeApiError when the service cannot say; not on a restart when all was well before
 */
export async function isRegistered(context: IHookFunctions): Promise<boolean> {
  if (isTest(context)) return false;
  if (isRestart(context)) return await isStillRegistered(context);
  return planActivation(toActivation(await look(context))).step === 'keep';
}

async function isStillRegistered(context: IHookFunctions): Promise<boolean> {
  // Where n8n died while a test had the webhook, nothing arrives until it is given back.
  const isLent = readNote(await context.getCredentials(CREDENTIAL)).lentTo !== '';
  const scene = await open(context, isLent ? HOOK_MS : START_MS);
  const { note, own } = scene;
  let current: string | undefined;
  try {
    current = await persistently(async () => await readCurrent(scene), isLent ? HOOK_MS : 0);
  } catch (error) {
    // n8n would take the workflow down, refuse its deliveries, and not try again by itself (n8n 2.41.1).
    if (isSame(note.address, own) && note.secret !== '') return true;
    throw error;
  }
  const { step } = planActivation(toActivation({ ...scene, current }));
  if (step === 'keep') return true;
  const reason = step === 'point' ? await whyStay({ ...scene, current }) : undefined;
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
  return isSame(current, String(data.webhookUrl ?? '')) && !isSame(current, own);
}

/**
 * Whether a node of this kind takes deliveries at an address. What it is sent is no delivery, and refused in a
 * way that only such a node has; see `receive`.
 */
async function isInUse(context: IHookFunctions, address: string): Promise<boolean> {
  try {
    const answer = (await context.helpers.httpRequest({
      method: 'POST',
      url: address,
      headers: { 'Content-Type': 'text/plain' },
      body: 'Is anybody there?',
      returnFullResponse: true,
      ignoreHttpStatusErrors: true,
      disableFollowRedirect: true,
      timeout: START_MS,
    })) as { statusCode: number; body: unknown };
    return (
      answer.statusCode === NOT_JSON.status && JSON.stringify(answer.body).includes(NOT_JSON.code)
    );
  } catch {
    return false;
  }
}

/**
 * Has the events of the agent delivered to this node: for good when a workflow is activated, on loan
 * when a test event is listened for.
 *
 * @returns true
 * @throws WebhookPathTakenError when the events go elsewhere, or when the service could not reach n8n
 * @throws NodeOperationError when the secret cannot be had
 * @throws NodeApiError when the service refuses
 */
export async function register(context: IHookFunctions): Promise<boolean> {
  await checkAddress(context);
  const scene = await look(context);
  await (isTest(context) ? listen(scene) : activate(scene));
  return true;
}

async function activate(scene: Scene): Promise<void> {
  const { context, client, own, data } = scene;
  const plan = planActivation(toActivation(scene));
  if (plan.step === 'refuse') {
    if (plan.address !== scene.current) await giveBack(scene, plan.address);
    throw elsewhere(context, plan.address);
  }
  const { current = '' } = scene;
  const replace = option(context, 'replaceExistingWebhook', false);
  if (plan.step === 'point' && isMoved(scene) && !replace && (await isInUse(context, current))) {
    throw elsewhere(context, current);
  }
  const me = await whoAmI(client);
  const note = { ...scene.note, ...me, address: own, lentTo: '' };
  if (plan.step === 'renew') note.secret = await renew(context, client, own);
  if (plan.step === 'point') await point(client, own);
  await keep(context, client, note);
  data.webhookUrl = own;
}

async function listen(scene: Scene): Promise<void> {
  const { context, client, own, data } = scene;
  const verify = option(context, 'verifySignature', true);
  const { returnTo, ...plan } = planListening({ ...scene, verify });
  if (plan.step === 'refuse') throw unverifiable(context, plan.address);
  const me = await whoAmI(client);
  data.returnTo = returnTo;
  const isKnown = isSame(returnTo, scene.note.address);
  const note = { ...scene.note, ...me, address: returnTo, lentTo: own };
  if (!isKnown) note.secret = '';
  if (plan.step === 'renew') {
    note.secret = await renew(context, client, own);
    await keep(context, client, note);
    return;
  }
  // Noted first: should n8n die in between, the next start knows where the webhook belongs.
  await keep(context, client, note);
  if (plan.step === 'point') await point(client, own);
}

/**
 * Ends what `register` began: gives a borrowed webhook back, removes one of our own, and leaves alone
 * what is not ours any more.
 *
 * @returns whether all went well
 * @throws NodeApiError when an active workflow could not be taken off the service: n8n tries again. After
 *   a test it goes on trying for a minute, and then does not throw, because n8n could not go on; the next
 *   activation or start repairs it.
 */
export async function unregister(context: IHookFunctions): Promise<boolean> {
  const { returnTo } = context.getWorkflowStaticData('node');
  if (typeof returnTo !== 'string') return await end(context);
  return await persistently(async () => await end(context, returnTo), HOOK_MS).catch(
    (error: Error) => {
      context.logger.error(
        `ImagineAnything Trigger "${context.getNode().name}": the webhook could not be given back after the test: ${error.message}`,
      );
      return false;
    },
  );
}

async function end(context: IHookFunctions, returnTo?: string): Promise<true> {
  const scene = await look(context);
  const { client, data, note } = scene;
  const plan = planEnd({ ...scene, returnTo });
  if (plan.step === 'return') await giveBack(scene, plan.address);
  if (plan.step === 'remove') await remove(client);
  if (plan.step === 'remove' && note.lentTo !== '') {
    await keep(context, client, { ...note, address: '', lentTo: '' });
  }
  if (plan.step === 'forget') await keep(context, client, { ...note, address: '' });
  // n8n calls this also after a failed activation, and then tries again: what is ours stays known.
  if (plan.step !== 'leave' || !isMoved(scene)) delete data.webhookUrl;
  delete data.returnTo;
  return true;
}

async function giveBack({ context, client, note }: Scene, address: string): Promise<void> {
  await point(client, address);
  await keep(context, client, { ...note, address, lentTo: '' });
}

/** Keeps a note with the credential, and makes sure that it is there: no other process may have overwritten it. */
async function keep(context: IHookFunctions, client: Client, note: WebhookNote): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    await client.send({ ...GET, store: toMembers(note) });
    const stored = readNote(await context.getCredentials(CREDENTIAL));
    if (JSON.stringify(stored) === JSON.stringify(note)) return;
  }
  throw new NodeOperationError(
    context.getNode(),
    'The webhook of the agent could not be noted in the credential',
    {
      description:
        'n8n did not store it with the credential, although it was asked to several times. Save the credential once more, then try again.',
    },
  );
}

const GET: ApiRequest = {
  method: 'GET',
  path: PATH,
  token: 'required',
  repeat: 'safe',
  action: 'Get the webhook of the agent',
};

async function readCurrent({
  context,
  client,
}: Pick<Scene, 'context' | 'client'>): Promise<string | undefined> {
  const answer = await client.send(GET).catch(toNothingWhenNotFound);
  const known = readText(answer?.body, ADDRESS_KEYS);
  if (known !== undefined) return known;
  const found = addressesIn(answer?.body);
  if (found.length <= 1) return found[0];
  throw new NodeOperationError(
    context.getNode(),
    'The service does not say in a known way where the webhook of the agent points',
    {
      description: `Its answer has several addresses: ${found.join(', ')}. Nothing was changed. Look for a new version of this package.`,
    },
  );
}

/** A webhook under a name that is not known must not be taken for none, and overwritten. */
function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^https?:/i.test(value) ? [value] : [];
  return isRecord(value) ? Object.values(value).flatMap(addressesIn) : [];
}

/** An agent without a webhook may as well be answered with "not found". */
function toNothingWhenNotFound(error: unknown): undefined {
  if (error instanceof NodeApiError && error.httpCode === '404') return undefined;
  throw error;
}

async function whoAmI(client: Client): Promise<Pick<WebhookNote, 'id' | 'handle'>> {
  const { body } = await client.send({
    method: 'GET',
    path: '/agents/me',
    token: 'required',
    repeat: 'safe',
    action: 'Get the agent of the credential',
  });
  const agent = isRecord(body) && isRecord(body.agent) ? body.agent : body;
  return { id: readText(agent, ['id']) ?? '', handle: readText(agent, ['handle']) ?? '' };
}

async function point(client: Client, webhookUrl: string): Promise<void> {
  await client.send({
    method: 'PATCH',
    path: PATH,
    body: { webhookUrl },
    token: 'required',
    repeat: 'idempotent',
    action: 'Set the webhook of the agent',
  });
}

async function renew(context: IHookFunctions, client: Client, webhookUrl: string): Promise<string> {
  const { body } = await client.send({
    method: 'PATCH',
    path: PATH,
    body: { webhookUrl, regenerateSecret: true },
    token: 'required',
    // A secret whose answer was lost is known to nobody, so having another one made does no harm.
    repeat: 'idempotent',
    action: 'Register the webhook of the agent',
  });
  const secret = readText(body, SECRET_KEYS);
  if (secret === undefined && option(context, 'verifySignature', true)) {
    throw new NodeOperationError(
      context.getNode(),
      'The service gave no secret for the webhook, so deliveries could not be verified',
      {
        description:
          'Try again. If it stays like this, the service has changed: look for a new version of this package, or turn off "Verify Signature" in the options of the node.',
      },
    );
  }
  return secret ?? '';
}

async function remove(client: Client): Promise<void> {
  await client.send({
    method: 'DELETE',
    path: PATH,
    token: 'required',
    repeat: 'idempotent',
    action: 'Remove the webhook of the agent',
  });
}

function readText(body: unknown, keys: readonly string[]): string | undefined {
  if (!isRecord(body)) return undefined;
  for (const place of [body, ...WEBHOOK_KEYS.map((key) => body[key]).filter(isRecord)]) {
    for (const key of keys) {
      const value = place[key];
      if (typeof value === 'string' && value !== '') return value;
    }
  }
  return undefined;
}

const PUBLIC_ADDRESS =
  'Set the environment variable N8N_WEBHOOK_URL of n8n (WEBHOOK_URL in older versions) to the public https:// address under which it can be reached, and start n8n again.';

/**
 * Says why the service cannot reach this n8n. A service on this machine, such as the sandbox, reaches whatever
 * this machine reaches.
 */
async function whyOutOfReach(context: IHookFunctions): Promise<string | undefined> {
  const { baseUrl } = await context.getCredentials(CREDENTIAL);
  if (isLoopback(new URL(readBaseUrl(baseUrl)).hostname)) return undefined;
  return whyUnreachable(context.getNodeWebhookUrl('default') ?? '');
}

async function checkAddress(context: IHookFunctions): Promise<void> {
  const reason = await whyOutOfReach(context);
  if (reason === undefined) return;
  throw hopeless(
    context,
    `ImagineAnything cannot reach this n8n: its address ${context.getNodeWebhookUrl('default') ?? ''} ${reason}.`,
    `${PUBLIC_ADDRESS} Then publish the workflow again. For an n8n on your own machine, a tunnel such as cloudflared or ngrok gives you an address.`,
  );
}

function elsewhere(context: IHookFunctions, address: string): WebhookPathTakenError {
  return hopeless(
    context,
    `The events of this agent already go to ${address}, and an agent has one webhook only.`,
    'Either turn on "Replace Existing Webhook" in the options of this node, and the events come here instead. Or let one workflow with this trigger receive all events and hand them to others with "Execute Sub-workflow".',
  );
}

/**
 * Makes an error that trying again does not cure. n8n tries to activate five times in 15 seconds, except
 * after an error of this class, and shows nothing but the message (n8n 2.41.1, `retryTriggerActivation`).
 */
function hopeless(context: IHookFunctions, what: string, advice: string): WebhookPathTakenError {
  const error = new WebhookPathTakenError(context.getNode().name);
  error.message = `${what} ${advice}`;
  error.description = advice;
  return error;
}

function unverifiable(context: IHookFunctions, address: string): NodeOperationError {
  return new NodeOperationError(
    context.getNode(),
    `The events of this agent go to ${address}, and the secret that signs them is not known here`,
    {
      description:
        'Listening for a test event would borrow the webhook, but could not verify what arrives, and a new secret would break the present receiver. If the address belongs to a workflow of this n8n, deactivate and activate that workflow once, with the same credential. Or activate this workflow with "Replace Existing Webhook". Or turn off "Verify Signature" while you test.',
    },
  );
}
