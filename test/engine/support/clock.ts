/** Has time pass, for what is kept for a time only. `jest.restoreAllMocks` ends it. */
export function later(ms: number): void {
  const time = performance.now() + ms;
  jest.spyOn(performance, 'now').mockImplementation(() => time);
}
