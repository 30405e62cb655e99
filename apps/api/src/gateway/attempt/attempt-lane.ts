import type { AttemptRecord } from '../../audit/attempt-record.js';
import type { PlannedTarget } from '../../routing/plan-attempts.js';
import type { ReasonCode } from '../../common/reason-codes.js';
import type { Interruption } from '../reply/client-reply.js';

/** What ends one attempt from outside; `another answered` is a hedge that was faster. */
export type LaneStop = Interruption | 'another answered';

/** What one attempt and the course of its request have to tell each other. */
export class AttemptLane {
  /** Set when the attempt begins. */
  record: AttemptRecord | null = null;
  /** Why the attempt was ended from outside, once it was. */
  stopped: LaneStop | null = null;
  /** Why it was left for another. */
  reason: ReasonCode | null = null;
  private listener: ((stop: LaneStop) => void) | null = null;

  constructor(
    readonly target: PlannedTarget,
    /** How long it may wait for a local model. */
    readonly maxWaitMs: number,
    private readonly course: { onReady(): void; onFirstByte(): Promise<void> | null },
  ) {}

  /** At most one listener: whatever the attempt does at the moment. Called at once when it is over already. */
  onStop(listener: ((stop: LaneStop) => void) | null): void {
    this.listener = listener;
    if (listener !== null && this.stopped !== null) listener(this.stopped);
  }

  stop(stop: LaneStop, reason: ReasonCode | null): void {
    if (this.stopped !== null) return;
    this.stopped = stop;
    this.reason = reason;
    // the winner's headers tell of it before this attempt has settled
    if (this.record !== null) this.record.reasonCode = reason;
    this.listener?.(stop);
  }

  /** The wait for a local model is over. */
  ready(): void {
    this.course.onReady();
  }

  /**
   * There is something for the caller: from here on no other attempt is heard. Resolves when those that were stopped
   * have settled their accounts; null when there was none.
   */
  claim(): Promise<void> | null {
    return this.course.onFirstByte();
  }
}
