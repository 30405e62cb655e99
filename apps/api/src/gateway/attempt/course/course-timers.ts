type TimerName = 'commit' | 'hedge';

/** The timers of one request: one per name, arming replaces. */
export class CourseTimers {
  private timers: { readonly [Name in TimerName]?: NodeJS.Timeout } = {};

  arm(name: TimerName, delayMs: number, onElapsed: () => void): void {
    clearTimeout(this.timers[name]);
    this.timers = { ...this.timers, [name]: setTimeout(onElapsed, Math.max(0, delayMs)) };
  }

  cancelAll(): void {
    clearTimeout(this.timers.commit);
    clearTimeout(this.timers.hedge);
  }
}
