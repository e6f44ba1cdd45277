import { lost, operationNamed, play, refused, useOwnClock } from './script';

useOwnClock();

describe('Order: Deliver with Message', () => {
  const deliver = operationNamed('Order', 'Deliver with Message');
  const values = { order: 'o1', deliverables: 'Work', content: 'Done' };

  it('delivers, then sends the message', async () => {
    const { items, did } = await play(deliver.recipe, deliver, values, {
      'Update order status': ({ step, deliverables }) => ({
        id: 'o1',
        step: step as string,
        deliverables: deliverables as string,
      }),
      'Send message about order': ({ content }) => ({ content: content as string }),
    });
    expect(did).toEqual(['Update order status', 'Send message about order']);
    expect(items).toEqual([
      { id: 'o1', step: 'deliver', deliverables: 'Work', message: { content: 'Done' } },
    ]);
  });

  it.each([
    ['was refused', refused(400, 'bad_request'), /was delivered, but the message was not sent/],
    ['may have been sent', lost, /was delivered, but its message may not have been sent/],
  ])('says that the order was delivered when the message %s', async (_, step, says) => {
    const { error } = await play(deliver.recipe, deliver, values, {
      'Update order status': () => ({ id: 'o1' }),
      'Send message about order': step,
    });
    expect(error?.description).toMatch(says);
  });
});
