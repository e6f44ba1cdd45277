import { MAX_EVENTS, MAX_VALUES } from './limits';

/** A delivery that starts no execution, and what its sender is told. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A delivery holds more than one may. */
export function tooMuch(): Refusal {
  return new Refusal(
    413,
    'too_much',
    `A delivery must not hold more than ${MAX_EVENTS} events, or ${MAX_VALUES} values in all`,
  );
}
