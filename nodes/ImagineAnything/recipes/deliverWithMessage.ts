import { withLeftBehind } from '../engine/recipe';
import { hadNoEffect } from '../transport/nodeError';
import type { Operation, Recipe } from '../engine/operation';

/**
 * Delivers an order, then sends a message about it.
 *
 * @param operations the calls of the API
 */
export function deliverWithMessage(operations: {
  updateStatus: Operation;
  sendMessage: Operation;
}): Recipe {
  return async ({ values }) => {
    const given = Object.fromEntries(values);
    return async (calls) => {
      const order = await calls.call(operations.updateStatus, { ...given, step: 'deliver' });
      try {
        return [{ ...order, message: await calls.call(operations.sendMessage, given) }];
      } catch (thrown) {
        throw withLeftBehind(
          calls,
          thrown,
          hadNoEffect(thrown)
            ? 'The order was delivered, but the message was not sent. Send it with Order: Send Message.'
            : 'The order was delivered, but its message may not have been sent.',
        );
      }
    };
  };
}
