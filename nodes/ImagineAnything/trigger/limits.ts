/** What one delivery may hold, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Few enough that every event of a delivery is remembered; with 2 KB each they fill it. */
export const MAX_EVENTS = 500;

/** A hundred for each event of a full delivery. n8n stores each of them on its own. */
export const MAX_VALUES = 50_000;

/** An event is nested about six deep. n8n cannot read an execution again that is nested thousands deep. */
export const MAX_DEPTH = 100;
