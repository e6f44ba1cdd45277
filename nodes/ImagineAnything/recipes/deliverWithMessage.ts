import { withLeftBehind } from '../engine/recipe';
import { hadNoEffect } from '../transport/nodeError';
import type { Operation, Recipe } from '../engine/operation';

/**
 * Delivers an order, then sends a message about it.
 *
 * @param uses the operations that it calls
 */
export function deliverWithMessage(uses: {
  updateStatus: Operation;
  sendMessage: Operation;
}): Recipe {
  return {
    uses,
    prepare: async ({ values }) => {
      const given = Object.fromEntries(values);
      return async (calls) => {
        const order = await calls.call(uses.updateStatus, { ...given, step: 'deliver' });
        try {
          return [{ ...order, message: await calls.call(uses.sendMessage, given) }];
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
    },
  };
}
