import { parseArgs } from 'node:util';

export interface StartOptions {
  /** End when everything has happened, instead of running until Ctrl-C. */
  once: boolean;
  /** n8n's port; a free one when undefined. */
  port?: number;
  sandboxPort?: number;
}

export const HELP = `Starts n8n with the ImagineAnything nodes and a sandbox of ImagineAnything on this machine,
lets an agent introduce itself and answer a follow, and shows where to look at it.

  npm start                          runs until Ctrl-C
  npm start -- --once                ends when everything has happened (exit code 0) or not (1)
  npm start -- --port 5678           n8n's port (a free one when left out)
  npm start -- --sandbox-port 4010   the sandbox's port (a free one when left out)
`;

/** An argument that `npm start` does not understand. */
export class UsageError extends Error {}

/**
 * Reads the command line.
 * @returns `help` when that is all that was asked for
 */
export function readOptions(args: string[]): StartOptions | 'help' {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        once: { type: 'boolean', default: false },
        port: { type: 'string' },
        'sandbox-port': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`);
  }
  if (values.help) return 'help';
  return {
    once: values.once,
    port: readPort('--port', values.port),
    sandboxPort: readPort('--sandbox-port', values['sandbox-port']),
  };
}

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${name} must be a number from 1 to 65535, not "${text}".`);
}
