/**
 * A signal that is aborted by SIGINT (Ctrl-C), SIGTERM and SIGHUP (the terminal was closed).
 */
export function stopSignal(report: (line: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Stays installed: a second Ctrl-C must not cut the cleaning up short.
    process.on(name, () => {
      if (controller.signal.aborted) return;
      report('\nStopping.');
      controller.abort(new Error('Stopped before everything had happened.'));
    });
  }
  return controller.signal;
}
