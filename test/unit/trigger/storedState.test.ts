import type { ICredentialDataDecryptedObject, IDataObject, IHookFunctions } from 'n8n-workflow';
import type { CredentialClient } from '../../../nodes/ImagineAnything/transport/client';
import { saveState } from '../../../nodes/ImagineAnything/trigger/webhook/storedState';
import {
  emptyWebhookState,
  readWebhookState,
  toCredentialFields,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import { AGENT, NODE } from '../transport/support/n8n';

const STATE = { ...emptyWebhookState(AGENT), secret: 'whsec_new' };
const OTHER = { ...emptyWebhookState(AGENT), secret: 'whsec_old' };

/** A credential that another process overwrites so many times. */
function openCredential(overwritten: number) {
  let stored: ICredentialDataDecryptedObject = { ...AGENT };
  let times = 0;
  const client = {
    storeFields: async (fields: IDataObject) => {
      times += 1;
      const kept = times > overwritten ? fields : toCredentialFields(OTHER);
      stored = { ...stored, ...kept } as ICredentialDataDecryptedObject;
    },
  } as unknown as CredentialClient;
  const context = {
    getCredentials: async () => stored,
    getNode: () => NODE,
  } as unknown as IHookFunctions;
  return { save: async () => await saveState(context, client, STATE), read: () => stored };
}

it.each([0, 1, 2])(
  'a state is saved although another process overwrites it %i times',
  async (n) => {
    const { save, read } = openCredential(n);
    await save();

    expect(readWebhookState(read())).toEqual(STATE);
  },
);

it('a state that cannot be saved is an error', async () => {
  await expect(openCredential(Infinity).save()).rejects.toThrow();
});
