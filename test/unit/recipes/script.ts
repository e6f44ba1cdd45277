import {
  type IDataObject,
  type INode,
  ManualExecutionCancelledError,
  NodeApiError,
  NodeOperationError,
} from 'n8n-workflow';
import type {
  Operation,
  Recipe,
  RecipeCalls,
} from '../../../nodes/ImagineAnything/engine/operation';
import { resources } from '../../../nodes/ImagineAnything/resources';
import { collectFrom, limitOf } from '../../../nodes/ImagineAnything/engine/collectValues';
import { type Deadline, remaining } from '../../../credentials/http/deadline';
import type { UploadFile } from '../../../nodes/ImagineAnything/transport/multipart';

const node: INode = {
  id: 'node',
  name: 'ImagineAnything',
  type: 'imagineAnything',
  typeVersion: 1,
  position: [0, 0],
  parameters: {},
};

/** What the service answers to a call: data, an entry of a list each, or an error. */
export type Step = (
  values: Readonly<Record<string, unknown>>,
) => IDataObject | readonly IDataObject[];

/** A call that the service refuses; or a proxy, in a form that is not documented. */
export const refused = (httpStatus: number, errorCode: string, isDocumented = true): Step => {
  return () => {
    const error = new NodeApiError(node, {}, { message: `Refused (${errorCode})` });
    const facts = { httpStatus, errorCode, mayHaveHadEffect: false, isDocumented };
    error.context = { ...error.context, ...facts };
    throw error;
  };
};

/** A call that answers so late that its deadline is over. */
export const late = (ms: number): Step => {
  return () => {
    jest.advanceTimersByTime(ms);
    return {};
  };
};

/** A call during which the user stops the execution. */
export const stopped: Step = () => {
  throw new ManualExecutionCancelledError('');
};

/** A call during which something happens, and which is answered nevertheless. */
export const answeredAfter = (happens: Step, answer: ReturnType<Step>): Step => {
  const step: Step = (values) => {
    try {
      happens(values);
    } catch {
      // It came in time.
    }
    return answer;
  };
  if (happens === stopped) stopping.add(step);
  return step;
};

/** The steps after which the execution is cancelled. */
const stopping = new Set<Step>([stopped]);

/** A call whose answer is lost. */
export const lost: Step = () => {
  const error = new NodeApiError(node, {}, { message: 'Lost' });
  error.context = { ...error.context, errorCode: 'ECONNRESET', mayHaveHadEffect: true };
  throw error;
};

/** One run of a recipe: what it gave or threw, and what it did, in order. */
export interface Played {
  items?: IDataObject[];
  error?: NodeOperationError | NodeApiError;
  did: string[];
}

/**
 * Runs a recipe against answers that are given by action; the last answer of an action repeats. Waiting
 * moves the clock and takes no time. After the step `stopped` only detached calls are answered.
 */
export async function play(
  recipe: Recipe | undefined,
  operation: Operation,
  values: Readonly<Record<string, unknown>>,
  answers: Readonly<Record<string, Step | readonly Step[]>>,
  files: Readonly<Record<string, string>> = {},
): Promise<Played> {
  const did: string[] = [];
  const counts = new Map<string, number>();
  let isCancelled = false;
  const answer = ({ action }: Operation, given: Readonly<Record<string, unknown>>) => {
    did.push(action);
    const steps = [answers[action]].flat();
    const count = counts.get(action) ?? 0;
    counts.set(action, count + 1);
    const step = steps[Math.min(count, steps.length - 1)];
    if (!step) throw new Error(`No answer to "${action}"`);
    isCancelled ||= stopping.has(step);
    return step(given);
  };
  const callsUntil = (deadline?: Deadline, isDetached = false): RecipeCalls => {
    const check = () => {
      if (isCancelled && !isDetached) throw new ManualExecutionCancelledError('');
    };
    const isOver = () => deadline !== undefined && remaining(deadline) === 0;
    const list: RecipeCalls['list'] = async (each, given, limit) => {
      check();
      const entries = isOver() ? [] : [answer(each, given)].flat();
      if (isOver()) throw new NodeApiError(node, {}, { message: `${each.action}: too late` });
      return entries.slice(0, limit);
    };
    return {
      list,
      call: async (each, given) => (await list(each, given, 1))[0],
      callAsIs: async (each, given) => (await list(each, given, 1))[0],
      wait: async (ms) => {
        check();
        if (ms > 0) did.push(`wait ${ms}`);
        jest.advanceTimersByTime(ms);
      },
      until: (later) => callsUntil(later, isDetached),
      detached: () => callsUntil(undefined, true),
      isCancelled: () => isCancelled,
      failure: (message, description) => new NodeOperationError(node, message, { description }),
    };
  };
  const collected = await collectFrom(operation, values);
  const item = {
    operation,
    values: collected,
    limit: limitOf(collected),
    file: async (field: string): Promise<UploadFile> => ({
      name: field,
      mimeType: files[field],
      size: 1,
      open: async () => Buffer.alloc(1),
    }),
  };
  try {
    const send = await (recipe as Recipe).prepare(item);
    return { items: await send(callsUntil()), did };
  } catch (error) {
    return { error: error as NodeOperationError, did };
  }
}

/** What a service may give in the place of an ID. */
export const NO_IDS = [{ toString: 1 }, {}, [], ['m1'], true, null, '', NaN, 2 ** 60, 1.5] as const;

/** Finds an operation of the node. @throws Error when there is none */
export function operationNamed(resource: string, name: string): Operation {
  const found = resources
    .find((each) => each.name === resource)
    ?.operations.find((each) => each.name === name);
  if (!found) throw new Error(`There is no ${resource}: ${name}`);
  return found;
}

/** Runs the tests of a file on a clock of their own. */
export function useOwnClock(): void {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });
}
