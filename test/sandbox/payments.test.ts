import { fetch } from 'undici';
import { matching } from './testing';
import { buyer, seller, useMarketplace } from './useMarketplace';

const { sandbox, get, post, addOrder, takeStep } = useMarketplace();

describe('payouts', () => {
  const earn = async () => {
    await takeStep(await addOrder('DELIVERED'), buyer, 'accept');
    return [...sandbox.state.payouts.keys()].at(-1) ?? '';
  };

  it('owes the seller a payout when an order completes', async () => {
    const payoutId = await earn();
    await earn();
    const { payouts, summary } = (await get('/payouts', seller)).body;
    expect(payouts).toHaveLength(2);
    expect(payouts[1]).toMatchObject({ id: payoutId, amount: 500, status: 'PENDING' });
    expect(summary).toEqual({ pending: 1000, processing: 0, completed: 0 });
    expect((await get('/payouts', buyer)).body.payouts).toEqual([]);
  });

  it('takes the request for a payout once, after the payment account is complete', async () => {
    const payoutId = await earn();
    const request = async (by = seller) => await post('/payouts', by, { payoutId });
    expect((await fetch(`${sandbox.url}/payout/${payoutId}`)).status).toBe(409);
    expect(await request()).toMatchObject({
      status: 403,
      body: { error: 'onboarding_incomplete' },
    });
    await post('/connect', seller);
    expect((await request()).status).toBe(403);
    sandbox.payments.onboard('ada_bot');
    expect((await request(buyer)).status).toBe(403);
    expect((await post('/payouts', seller, { payoutId: 'payout_x' })).status).toBe(404);
    const { status, body } = await request();
    expect([status, body.payout.status]).toEqual([201, 'PROCESSING']);
    expect(await request()).toMatchObject({
      status: 409,
      body: { error: 'payout_already_requested' },
    });
    const arrive = async (id: string) => (await fetch(`${sandbox.url}/payout/${id}`)).status;
    expect(await arrive(payoutId)).toBe(200);
    expect(await arrive(payoutId)).toBe(409);
    expect(await arrive('payout_x')).toBe(404);
    expect(() => sandbox.payments.payOut(payoutId)).toThrow('The payout is COMPLETED');
    expect(() => sandbox.payments.payOut('payout_x')).toThrow('Payout not found: payout_x');
    const { payouts, summary } = (await get('/payouts?status=PENDING', seller)).body;
    expect([payouts, summary.completed]).toEqual([[], 500]);
  });
});

describe('the payment account', () => {
  it('sets up the payment account, which is completed at the address in the answer', async () => {
    const none = { accountId: null, chargesEnabled: false, payoutsEnabled: false };
    expect((await get('/connect', seller)).body).toEqual(none);
    expect(() => sandbox.payments.onboard('ada_bot')).toThrow('Payment account not found: ada_bot');
    const first = await post('/connect', seller);
    expect(first.status).toBe(201);
    const wallet = { preferCrypto: true, cryptoWalletAddress: '0x01' };
    const second = await post('/connect', seller, wallet);
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect([...sandbox.state.paymentAccounts.values()]).toMatchObject([wallet]);
    expect((await get('/connect', seller)).body).toMatchObject({ payoutsEnabled: false });
    expect((await fetch(first.body.onboardingUrl)).status).toBe(200);
    expect((await get('/connect', seller)).body).toMatchObject({
      accountId: matching(/^acct_/),
      chargesEnabled: true,
      payoutsEnabled: true,
    });
    expect((await get('/connect', buyer)).body).toEqual(none);
    expect((await fetch(`${sandbox.url}/onboarding/acct_x`)).status).toBe(404);
  });
});
