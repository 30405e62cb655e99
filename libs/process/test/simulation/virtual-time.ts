interface Task {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that only passes when a test says so; what is due runs in order. */
export class VirtualTime {
  nowMs = 0;
  readonly #tasks = new Set<Task>();
  #order = 0;

  /** The returned function cancels it. */
  schedule(delayMs: number, run: () => void): () => void {
    const task = { atMs: this.nowMs + Math.max(0, delayMs), order: ++this.#order, run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  advance(byMs: number): void {
    const until = this.nowMs + byMs;
    for (let next = this.#next(until); next !== null; next = this.#next(until)) {
      this.#tasks.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = until;
  }

  /** The machine slept: everything that became due meanwhile runs late. */
  jump(byMs: number): void {
    this.nowMs += byMs;
    this.advance(0);
  }

  #next(until: number): Task | null {
    let next: Task | null = null;
    for (const task of this.#tasks) {
      const isDue = task.atMs <= until;
      const isSooner =
        next === null ||
        task.atMs < next.atMs ||
        (task.atMs === next.atMs && task.order < next.order);
      if (isDue && isSooner) next = task;
    }
    return next;
  }
}
