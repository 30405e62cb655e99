import type { InstanceView } from '../instance-view.js';
import type { ProcessError } from '../process-error.js';

interface Start {
  readonly resolve: (view: InstanceView) => void;
  readonly reject: (error: ProcessError) => void;
}

/** Callers who asked for the engine itself and wait until its process exists. */
export class WaitingStarts {
  #starts: Start[] = [];

  get size(): number {
    return this.#starts.length;
  }

  add(): Promise<InstanceView> {
    return new Promise((resolve, reject) => {
      this.#starts.push({ resolve, reject });
    });
  }

  resolve(view: InstanceView): void {
    for (const start of this.#take()) start.resolve(view);
  }

  reject(error: ProcessError): void {
    for (const start of this.#take()) start.reject(error);
  }

  #take(): Start[] {
    const starts = this.#starts;
    this.#starts = [];
    return starts;
  }
}
