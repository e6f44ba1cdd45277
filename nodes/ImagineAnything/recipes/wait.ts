import { exceededDeadline, withLeftBehind } from '../engine/recipe';
import type { RecipeCalls } from '../engine/operation';
import { type Deadline, deadlineIn, remaining } from '../../../credentials/http/deadline';

/** The last poll starts when the time is over, and needs some time itself. */
const LAST_LOOK_MS = 5_000;

/** Waits for the service to finish something, for as long as the user allows. */
export class Wait {
  private readonly end: Deadline;

  private readonly lastLook: Deadline;

  /**
   * @param calls what the recipe may do
   * @param maxMs the maximum time
   * @param field the field in the editor that sets it
   */
  constructor(
    private readonly calls: RecipeCalls,
    private readonly maxMs: number,
    private readonly field: string,
  ) {
    this.end = deadlineIn(maxMs);
    this.lastLook = deadlineIn(maxMs + LAST_LOOK_MS);
  }

  get isOver(): boolean {
    return remaining(this.end) === 0;
  }

  /** What the user can do when the time was too short. */
  get advice(): string {
    return `Increase ${this.field}.`;
  }

  /** Waits, but not past the end. */
  async pause(ms: number): Promise<void> {
    await this.calls.wait(Math.min(ms, remaining(this.end)));
  }

  /**
   * Polls the service.
   *
   * @param read sends the request
   * @throws its error, which says so if the time ran out meanwhile
   */
  async look<Result>(read: (calls: RecipeCalls) => Promise<Result>): Promise<Result> {
    try {
      return await read(this.calls.until(this.lastLook));
    } catch (thrown) {
      throw exceededDeadline(thrown, this.lastLook) ? this.tooLate(thrown) : thrown;
    }
  }

  private tooLate(thrown: unknown): unknown {
    const says = `${this.field} (${this.maxMs / 1000} seconds) is over. ${this.advice}`;
    return withLeftBehind(this.calls, thrown, says);
  }
}
