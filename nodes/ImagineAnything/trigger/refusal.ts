import { MAX_DEPTH, MAX_EVENTS, MAX_VALUES } from './limits';

/** A delivery that starts no execution, and what its sender is told. */
export class HttpRejection extends Error {
  /**
   * @param isLogged whether the user is told too: what arrived was meant for the workflow, and does not reach it
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly isLogged = false,
  ) {
    super(message);
  }
}

/** A delivery holds more than one may. */
export function tooMuch(): HttpRejection {
  return new HttpRejection(
    413,
    'too_much',
    `A delivery must not hold more than ${MAX_EVENTS} events, or ${MAX_VALUES} values in all`,
    true,
  );
}

/** A delivery is nested deeper than n8n could store it. */
export function tooDeep(): HttpRejection {
  return new HttpRejection(
    400,
    'nested_too_deep',
    `A delivery must not be nested more than ${MAX_DEPTH} levels deep`,
    true,
  );
}
