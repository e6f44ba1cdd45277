/** What makes a delivery authentic: the key in the URL, the signature, or both, as the user chose. */
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { resetProcess } from '../../../credentials/memory/processMap';
import { HttpRejection } from '../../../nodes/ImagineAnything/trigger/httpRejection';
import {
  readDeliveryOptions,
  type VerificationMode,
} from '../../../nodes/ImagineAnything/trigger/parameters/options';
import {
  type Verification,
  verifyDelivery,
} from '../../../nodes/ImagineAnything/trigger/verification/verifyDelivery';
import {
  emptyWebhookState,
  toCredentialFields,
  type WebhookState,
} from '../../../nodes/ImagineAnything/trigger/webhook/webhookState';
import { AGENT, NODE } from '../transport/support/n8n';
import { type Delivery, SIGNING_HABITS } from './signingHabits';

beforeEach(resetProcess);

const KEY = 'k'.repeat(32);
const DELIVERY: Delivery = {
  body: '{"id":"evt_1","event":"follow"}',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  at: Math.floor(Date.now() / 1000),
  id: 'msg_1',
};

const REGISTERED: WebhookState = {
  ...emptyWebhookState(AGENT),
  secret: DELIVERY.secret,
  urlKey: KEY,
};
const SIGNING = { ...REGISTERED, signatureForm: 'body' };
const WITHOUT_SECRET = { ...REGISTERED, secret: '' };
const WITHOUT_KEY = { ...REGISTERED, urlKey: '' };

interface Given {
  state?: WebhookState;
  mode?: VerificationMode;
  query?: IDataObject;
  headers?: IDataObject;
  body?: string;
  isListening?: boolean;
}

/** @returns how the delivery was verified, or the status and the code of the response */
async function verify({
  state = REGISTERED,
  mode = 'automatic',
  query = { webhook_key: KEY },
  headers = {},
  body = DELIVERY.body,
  isListening = false,
}: Given): Promise<Verification | [status: number, code: string]> {
  const context = {
    getMode: () => (isListening ? 'manual' : 'webhook'),
    getWorkflow: () => ({ id: 'workflow' }),
    getNode: () => ({ ...NODE, credentials: { imagineAnythingApi: { id: '7', name: 'Agent' } } }),
    getCredentials: async () => ({ ...AGENT, ...toCredentialFields(state) }),
    getQueryData: () => query,
    getHeaderData: () => headers,
    logger: { warn: () => {} },
  } as unknown as IWebhookFunctions;
  resetProcess();
  try {
    const options = readDeliveryOptions({ verification: mode });
    return (await verifyDelivery(context, Buffer.from(body), options)).verification;
  } catch (error) {
    if (error instanceof HttpRejection) return [error.status, error.code];
    throw error;
  }
}

const MODES: VerificationMode[] = ['automatic', 'signature', 'address'];
const BY_ADDRESS = { method: 'address' };
const INCOMPLETE = [401, 'url_incomplete'];
const ALTERED = DELIVERY.body.replace('evt_1', 'evt_2');
const LATE = { ...DELIVERY, at: DELIVERY.at - 301 };

describe.each(SIGNING_HABITS)('a delivery signed as by $name', ({ form, covers, sign }) => {
  const headers = sign(DELIVERY);
  const signed = { method: 'signature', form };

  it('passes', async () => {
    expect(await verify({ headers })).toEqual(signed);
    expect(await verify({ headers, mode: 'signature' })).toEqual(signed);
    expect(await verify({ headers, mode: 'address' })).toEqual(BY_ADDRESS);
  });

  it('passes in no mode without the key of the address, or with another one', async () => {
    for (const mode of MODES) {
      for (const query of [{}, { webhook_key: 'x'.repeat(32) }, { webhook_key: [KEY] }]) {
        expect(await verify({ headers, mode, query })).toEqual(INCOMPLETE);
      }
    }
  });

  it('does not pass over another body, if the signature covers it', async () => {
    const expected = covers === 'nothing' ? signed : [401, 'signature_invalid'];
    expect(await verify({ headers, body: ALTERED })).toEqual(expected);
    expect(await verify({ headers, body: ALTERED, mode: 'signature' })).toEqual(expected);
    expect(await verify({ headers, body: ALTERED, mode: 'address' })).toEqual(BY_ADDRESS);
  });

  it('does not pass too late, if the signature covers the time', async () => {
    const late = covers === 'time and body' ? [401, 'signature_expired'] : signed;
    expect(await verify({ headers: sign(LATE) })).toEqual(late);
    expect(await verify({ headers: sign(LATE), mode: 'signature' })).toEqual(late);
  });

  it('passes where the service does not keep the key, but not by the address alone', async () => {
    const query = {};
    expect(await verify({ headers, state: WITHOUT_KEY, query })).toEqual(signed);
    expect(await verify({ headers, state: WITHOUT_KEY, query, mode: 'signature' })).toEqual(signed);
    expect(await verify({ headers, state: WITHOUT_KEY, query, mode: 'address' })).toEqual([
      503,
      'not_ready',
    ]);
  });
});

describe.each([
  ['that is not signed', {}, 'signature_missing'],
  ['signed in an unknown form', { 'x-signature': 'ed25519=abc' }, 'signature_unknown'],
])('a delivery %s', (_, headers, code) => {
  it('passes on the strength of the address, unless a signature is required', async () => {
    expect(await verify({ headers })).toEqual(BY_ADDRESS);
    expect(await verify({ headers, mode: 'address' })).toEqual(BY_ADDRESS);
    expect(await verify({ headers, mode: 'signature' })).toEqual([401, code]);
  });

  it('does not pass once there was a valid signature', async () => {
    expect(await verify({ headers, state: SIGNING })).toEqual([401, code]);
    expect(await verify({ headers, state: SIGNING, mode: 'address' })).toEqual(BY_ADDRESS);
  });

  it('does not pass where the service does not keep the key', async () => {
    expect(await verify({ headers, state: WITHOUT_KEY, query: {} })).toEqual([401, code]);
  });

  it('passes while there is no secret', async () => {
    expect(await verify({ headers, state: WITHOUT_SECRET })).toEqual(BY_ADDRESS);
    expect(await verify({ headers, state: WITHOUT_SECRET, mode: 'signature' })).toEqual([
      503,
      'not_ready',
    ]);
  });
});

describe('while the editor listens', () => {
  const shown = (rejection: string) => ({ method: 'none', rejection });

  it('shows what a published workflow would reject, and why', async () => {
    const isListening = true;
    const [stripe] = SIGNING_HABITS.filter(({ form }) => form === 'stripe');
    const headers = stripe.sign(DELIVERY);
    expect(await verify({ isListening, headers })).toMatchObject({ method: 'signature' });
    expect(await verify({ isListening, headers, body: ALTERED })).toEqual(
      shown('signature_invalid'),
    );
    expect(await verify({ isListening, headers: stripe.sign(LATE) })).toEqual(
      shown('signature_expired'),
    );
    expect(await verify({ isListening, state: SIGNING })).toEqual(shown('signature_missing'));
  });

  it('shows nothing that does not know the key', async () => {
    const isListening = true;
    expect(await verify({ isListening, query: {} })).toEqual(INCOMPLETE);
    expect(await verify({ isListening, state: WITHOUT_KEY, query: {} })).toEqual([
      401,
      'signature_missing',
    ]);
  });
});

describe('a key that is about to be replaced', () => {
  it('passes, and so does the next one', async () => {
    const next = 'n'.repeat(32);
    const state = { ...REGISTERED, nextUrlKey: next };
    expect(await verify({ state })).toEqual(BY_ADDRESS);
    expect(await verify({ state, query: { webhook_key: next } })).toEqual(BY_ADDRESS);
    expect(await verify({ state, query: { webhook_key: 'x'.repeat(32) } })).toEqual(INCOMPLETE);
  });
});

describe('without a key and without a secret', () => {
  it.each(MODES)('nothing passes (%s)', async (mode) => {
    const state = emptyWebhookState(AGENT);
    for (const query of [{}, { webhook_key: '' }]) {
      expect(await verify({ state, mode, query })).toEqual([503, 'not_ready']);
    }
  });
});
