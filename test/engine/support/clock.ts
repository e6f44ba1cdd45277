/** What `pause` waits for at a time, in milliseconds. */
const SLICE_MS = 1000;

/**
 * Holds what waits for some seconds, for as long as a test takes. `jest.restoreAllMocks` ends it.
 *
 * @returns has it go on, in milliseconds
 */
export function stopClock(): () => void {
  const wait = globalThis.setTimeout;
  const held: Array<() => void> = [];
  let goesOn = false;
  const setTimeout = (work: (...rest: unknown[]) => void, ms?: number, ...rest: unknown[]) => {
    if (ms !== SLICE_MS) return wait(work, ms, ...rest);
    if (goesOn) return wait(work, 1, ...rest);
    held.push(() => work(...rest));
    return wait(() => {}, 0);
  };
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(setTimeout as typeof wait);
  return () => {
    goesOn = true;
    for (const work of held) wait(work, 1);
  };
}

/** Has time pass, for what is kept for a time only. `jest.restoreAllMocks` ends it. */
export function later(ms: number): void {
  const time = performance.now() + ms;
  jest.spyOn(performance, 'now').mockImplementation(() => time);
}
