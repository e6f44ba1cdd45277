import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { NodeApiError, NodeOperationError, WebhookPathTakenError } from 'n8n-workflow';
import { isLoopback, readBaseUrl } from '../../../credentials/baseUrl';
import { type ApiRequest, type Client, CREDENTIAL, openClient } from '../transport/client';
import { isRecord } from '../transport/failure';
import { whyUnreachable } from './address';
import { ADDRESS_KEYS, SECRET_KEYS, WEBHOOK_KEYS } from './assumptions';
import { readNote, toMembers, type WebhookNote } from './note';
import { type Activation, planActivation, planEnd, planListening } from './plan';

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

async function open(context: IHookFunctions): Promise<Omit<Scene, 'current'>> {
  return {
    context,
    client: await openClient(context),
    note: readNote(await context.getCredentials(CREDENTIAL)),
    own: context.getNodeWebhookUrl('default') ?? '',
    data: context.getWorkflowStaticData('node'),
  };
}

async function look(context: IHookFunctions): Promise<Scene> {
  const scene = await open(context);
  return { ...scene, current: await readCurrent(scene.client) };
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
  const scene = await open(context);
  const isKept = (current: string | undefined): boolean =>
    planActivation(toActivation({ ...scene, current })).step === 'keep';
  const wasWell = scene.note.address === scene.own && scene.note.secret !== '';
  if (isRestart(context) && wasWell) {
    // n8n would take the workflow down until the service is back, and refuse its deliveries until then.
    return await readCurrent(scene.client).then(isKept, () => true);
  }
  return isKept(await readCurrent(scene.client));
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
  const isKnown = returnTo === scene.note.address;
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
 *   a test it does not throw, because n8n could not go on; the next activation or start repairs it.
 */
export async function unregister(context: IHookFunctions): Promise<boolean> {
  const { returnTo } = context.getWorkflowStaticData('node');
  if (typeof returnTo !== 'string') return await end(context);
  return await end(context, returnTo).catch((error: Error) => {
    context.logger.error(
      `ImagineAnything Trigger "${context.getNode().name}": the webhook could not be given back after the test: ${error.message}`,
    );
    return false;
  });
}

async function end(context: IHookFunctions, returnTo?: string): Promise<true> {
  const scene = await look(context);
  const { client, data, note } = scene;
  const plan = planEnd({ ...scene, returnTo });
  if (plan.step === 'return') await giveBack(scene, plan.address);
  if (plan.step === 'remove') await remove(client);
  if (plan.step === 'forget') await keep(context, client, { ...note, address: '' });
  delete data.webhookUrl;
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

async function readCurrent(client: Client): Promise<string | undefined> {
  const answer = await client.send(GET).catch(toNothingWhenNotFound);
  return readText(answer?.body, ADDRESS_KEYS);
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

/** A service on this machine, such as the sandbox, reaches whatever this machine reaches. */
async function checkAddress(context: IHookFunctions): Promise<void> {
  const { baseUrl } = await context.getCredentials(CREDENTIAL);
  if (isLoopback(new URL(readBaseUrl(baseUrl)).hostname)) return;
  const own = context.getNodeWebhookUrl('default') ?? '';
  const reason = whyUnreachable(own);
  if (reason === undefined) return;
  throw hopeless(
    context,
    `ImagineAnything cannot reach this n8n: its address ${own} ${reason}.`,
    'Set the environment variable N8N_WEBHOOK_URL of n8n (WEBHOOK_URL in older versions) to the public https:// address under which it can be reached. For an n8n on your own machine, a tunnel such as cloudflared or ngrok gives you one.',
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
