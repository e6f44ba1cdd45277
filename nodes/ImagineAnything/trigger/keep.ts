import type { IHookFunctions } from 'n8n-workflow';
import { type Client, CREDENTIAL } from '../transport/client';
import { readNote, toMembers, type WebhookNote } from './note';
import { notNoted } from './problems';
import { WHO_AM_I } from './webhook';

/**
 * Keeps a note with the credential, and makes sure that it is there: no other process may have overwritten it.
 *
 * @throws NodeOperationError when the note is not there
 * @throws NodeApiError when the service refuses the request that stores it
 */
export async function keep(
  context: IHookFunctions,
  client: Client,
  note: WebhookNote,
): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    await client.send({ ...WHO_AM_I, store: toMembers(note) });
    const stored = readNote(await context.getCredentials(CREDENTIAL));
    if (JSON.stringify(stored) === JSON.stringify(note)) return;
  }
  throw notNoted(context.getNode());
}
