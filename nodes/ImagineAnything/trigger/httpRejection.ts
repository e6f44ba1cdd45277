import { MAX_EVENTS, MAX_JSON_DEPTH, MAX_JSON_VALUES } from './deliveryLimits';

/** Rejects a delivery: the status and the body of the HTTP response to its sender. */
export class HttpRejection extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Rejects a delivery with too many events or values. */
export function tooManyValues(): HttpRejection {
  return new HttpRejection(
    413,
    'too_many_values',
    `A delivery must not contain more than ${MAX_EVENTS} events or ${MAX_JSON_VALUES} values`,
  );
}

/** Rejects a delivery that nests deeper than n8n can store. */
export function tooDeeplyNested(): HttpRejection {
  return new HttpRejection(
    400,
    'too_deeply_nested',
    `A delivery must not nest more than ${MAX_JSON_DEPTH} levels deep`,
  );
}
