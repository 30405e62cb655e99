type TimerName = 'commit' | 'hedge';

/** The timers of one request: one per name, arming replaces. */
export class CourseTimers {
  private readonly timers = new Map<TimerName, NodeJS.Timeout>();

  arm(name: TimerName, delayMs: number, onElapsed: () => void): void {
    clearTimeout(this.timers.get(name));
    this.timers.set(name, setTimeout(onElapsed, Math.max(0, delayMs)));
  }

  cancelAll(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
