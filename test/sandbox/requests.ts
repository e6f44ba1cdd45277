/** What reached the sandbox. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Fault } from './faults';

export interface RequestRecord {
  at: number;
  /** Null for a path that the contract does not have. */
  operationId: string | null;
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, unknown>;
  headers: IncomingHttpHeaders;
  /** Handle of the agent whose valid token the request carried. */
  agent: string | null;
  /** Null until (and if never) an answer was sent. */
  status: number | null;
  /** The error code of a refusal. */
  error: string | null;
  /** A write took effect: state changed. */
  applied: boolean;
  contentType: string | null;
  /** JSON body, where there was one; secrets of a token call included. */
  body: unknown;
  bodySize: number;
  /** The fault that was ordered for it. */
  fault: Fault['kind'] | null;
}

/** A sandbox that runs for days must not grow without end. */
const maxRecords = 100_000;

/** The records, oldest first. */
export class Requests extends Array<RequestRecord> {
  /** Methods like `filter` give plain arrays. */
  static override get [Symbol.species]() {
    return Array;
  }

  record(record: RequestRecord): RequestRecord {
    if (this.length >= maxRecords) this.splice(0, maxRecords / 2);
    this.push(record);
    return record;
  }

  clear(): void {
    this.length = 0;
  }

  /** Requests of one operation. */
  of(operationId: string): RequestRecord[] {
    return this.filter((record) => record.operationId === operationId);
  }

  /** Writes that took effect, of one operation or of all. */
  applied(operationId?: string): RequestRecord[] {
    return this.filter(
      (record) =>
        record.applied && (operationId === undefined || record.operationId === operationId),
    );
  }
}
