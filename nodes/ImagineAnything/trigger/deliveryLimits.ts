/** The maximum size of a delivery, in bytes. */
export const MAX_DELIVERY_BYTES = 1024 * 1024;

/** Few enough to cache every event of a delivery. Events of 2 KB reach both this limit and the one on bytes. */
export const MAX_EVENTS = 500;

/** One hundred for each event of a full delivery. n8n stores each value separately. */
export const MAX_JSON_VALUES = 50_000;

/** Events nest about six levels deep. n8n cannot read back an execution that nests thousands of levels deep. */
export const MAX_JSON_DEPTH = 100;
