/** What is wrong with a run of the node against a hostile service: nothing, for all that is well. */
import { isExpression } from 'n8n-workflow';
import { type Cell, MAX_REQUESTS } from './hostileCells';
import { PASSWORD, type Running } from './hostileRun';
import type { N8n, RunResult } from './n8n';
import { everythingIn } from './shown';

/** All that nobody may see: what the credential holds, and every token that was given for it. */
export function secretsOf(n8n: N8n, { fixture, sandbox, credential }: Running): string[] {
  const kept = JSON.stringify(n8n.credentials.read(credential)).match(/ia[tr]_\w{20,}/g) ?? [];
  const sent = sandbox.requests.flatMap(
    ({ headers }) => headers.authorization?.replace(/^Bearer /, '') ?? [],
  );
  const isSecret = (text: string) => text.length >= 20;
  return [...new Set([fixture.me.clientSecret, ...kept, ...sent])].filter(isSecret);
}

/** Sentences that name no cause: n8n's own, those of Node.js, and those of a defect. */
const NO_CAUSE =
  /^(Request failed|Unknown error|Bad request - |The service was not able|Error$|aborted$|socket hang up|Parse Error|timeout of|read E|undefined|null)|TypeError|RangeError|SyntaxError|Cannot (read|convert|mix)|is not (a function|iterable)|Maximum call stack|Invalid (string|array) length|\[object /;

const MAX_MESSAGE = 2000;

/** What is not so where an answer came that was large or wrong. */
const NO_ANSWER =
  /could not be reached|no complete response|before a response arrived|did not finish/i;

/** Where the whole answer came, whatever there was in it. */
const isComplete = ({ group, behaviour }: Cell) =>
  group !== 'waiting' && behaviour !== 'length-too-large';

/** What is wrong with an error that the user meets. */
export function problemsOf({ message, description }: NonNullable<RunResult['error']>): string[] {
  const shown = `${message}\n${description ?? ''}`;
  const cause = message.replace(/^[A-Z][^:]{3,60}: /, '');
  return [
    ...(NO_CAUSE.test(cause) || NO_CAUSE.test(description ?? '') ? ['names no cause'] : []),
    ...(cause.split(/\s+/).length < 3 ? ['says next to nothing'] : []),
    ...(shown.length > MAX_MESSAGE ? [`has ${shown.length} characters`] : []),
  ].map((problem) => `the error ${problem}: ${shown.slice(0, 300)}`);
}

/** What is wrong with the way a cell ended. */
export function problemsOfEnd(cell: Cell, running: Running, result: RunResult): string[] {
  const { error, json } = result;
  if (error) {
    const isUnexpected = cell.ending === 'right' ? [`fails: ${error.message.slice(0, 300)}`] : [];
    const isWrong = isComplete(cell) && NO_ANSWER.test(`${error.message} ${error.description}`);
    return [
      ...isUnexpected,
      ...problemsOf(error),
      ...(isWrong ? [`says that no answer came: ${error.message} ${error.description}`] : []),
    ];
  }
  const shown = JSON.stringify(json.slice(0, 2)).slice(0, 300);
  if (cell.ending === 'error') return [`gives ${json.length} items: ${shown}`];
  if (cell.ending === 'ends') return [];
  return running.work.isRight(json) ? [] : [`gives ${json.length} wrong items: ${shown}`];
}

/** What the service saw that it must not see. */
export function problemsOfRequests({ kind }: Cell, { fixture, sandbox }: Running): string[] {
  const { requests } = sandbox;
  const seen = everythingIn(requests);
  const posts = sandbox.state.postsBy(fixture.me.id).length;
  return [
    ...(requests.length > MAX_REQUESTS[kind] ? [`makes ${requests.length} requests`] : []),
    ...(seen.includes(PASSWORD) ? ['sends the data of the workflow'] : []),
    ...(requests.some(({ headers }) => headers.host?.startsWith('localhost'))
      ? ['calls another host']
      : []),
    ...(requests.some(({ headers }) => 'x-forged' in headers) ? ['sends a forged header'] : []),
    ...(kind === 'write' && posts > 1 ? [`publishes ${posts} times`] : []),
    ...sandbox.internalErrors.map(({ message }) => `breaks the sandbox: ${message}`),
  ];
}

/** What a defect of the stored credential would do later. */
export function problemsOfCredential(n8n: N8n, { credential }: Running): string[] {
  const data = Object.entries(n8n.credentials.read(credential));
  return data
    .filter(([, value]) => isExpression(value))
    .map(([name, value]) => `stores an expression as ${name}: ${JSON.stringify(value)}`);
}

/** n8n stores what a run gives as JSON. */
export function unstorable({ run }: RunResult): string[] {
  try {
    JSON.stringify(run.data);
    return [];
  } catch (error) {
    return [`gives what n8n cannot store: ${(error as Error).message}`];
  }
}
