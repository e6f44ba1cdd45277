import { ProcessMap } from '../../../credentials/processMap';

/** The last of those that wait for their turn, by what they share. */
const last = new ProcessMap<Promise<unknown>>();

/**
 * Does what shares a key one after the other, in the order in which it was asked for. What fails does not keep the next
 * one from its turn.
 */
export async function serialize<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const mine = (last.get(key) ?? Promise.resolve()).then(work);
  const end = Promise.allSettled([mine]);
  last.set(key, end);
  try {
    return await mine;
  } finally {
    if (last.get(key) === end) last.delete(key);
  }
}
