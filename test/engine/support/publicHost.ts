import net from 'node:net';
import tls, { type ConnectionOptions } from 'node:tls';
import type { Sandbox } from '../../sandbox/server';

/** The host of the public service (reference: Base URL). */
export const PUBLIC_HOST = 'imagineanything.com';

/**
 * Leads connections to the public service to a sandbox. All of n8n's HTTP stays as it is; only the encryption
 * is left out, and with it the way off this machine: an encrypted connection to any other host fails.
 *
 * @returns what ends it
 */
export function leadPublicHostTo({ url }: Sandbox): () => void {
  const connect = jest.spyOn(tls, 'connect').mockImplementation(((options: ConnectionOptions) => {
    if (options.host !== PUBLIC_HOST) throw new Error(`No test may reach ${options.host}`);
    return net.connect(Number(new URL(url).port), '127.0.0.1');
  }) as typeof tls.connect);
  return () => connect.mockRestore();
}
