/**
 * A test in the editor takes one delivery. n8n accepts others at the test URL while our hooks register and restore the
 * webhook (n8n 2.41.1, `TestWebhooks`), which would be lost for the published workflows. With several main processes, each
 * may take one meanwhile.
 *
 * Should n8n fail to start the execution of that delivery, the test takes no other one until it ends.
 */
import type { FunctionsBase, IHookFunctions } from 'n8n-workflow';
import { ProcessMap } from '../../../../credentials/memory/processMap';
import { createUrlKey } from '../webhook/urlKey';

/** The part of n8n's contexts that has static data. A test has its own, which n8n does not save. */
type TestContext = Pick<FunctionsBase, 'getWorkflowStaticData'>;

/** How long n8n may take from our hook until the editor waits for the event. */
export const LISTENING_MS = 1_000;

/** Far more tests than run at once. */
const MAX_TESTS = 1000;

/** The tests that have ended in this process, by key. */
const ended = new ProcessMap<true>(MAX_TESTS);

/** Gives a test a key of its own. */
export function beginTest(context: IHookFunctions): void {
  context.getWorkflowStaticData('node').testKey = createUrlKey();
}

/** The key of a test; empty in production, and until n8n has stored what the hook that began the test left. */
export function testKeyOf(context: TestContext): string {
  const { testKey } = context.getWorkflowStaticData('node');
  return typeof testKey === 'string' ? testKey : '';
}

/**
 * Ends a test, because it has its delivery or because n8n ends it.
 *
 * @returns false when it had ended before, or does not listen yet
 */
export function endTest(context: TestContext): boolean {
  const key = testKeyOf(context);
  if (key === '' || hasEnded(key)) return false;
  ended.set(key, true);
  return true;
}

/** Whether a test has ended in this process. @param key as {@link testKeyOf} gives it */
export function hasEnded(key: string): boolean {
  return ended.has(key);
}
