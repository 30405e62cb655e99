import type { InstanceView } from '../instance-view.js';
import type { ProcessError } from '../process-error.js';
import type { Rejection } from './lifecycle/instance-effect.js';
import type { InstanceState } from './lifecycle/instance-state.js';
import { rejectionError } from './rejection-error.js';

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

  /** Answers them by what has become of the model: it runs, it still may, or it does not. */
  settle(modelName: string, state: InstanceState, instance: InstanceView | null): void {
    const { phase, stopReason, failure, isWanted } = state;
    const isUp = phase === 'ready' || phase === 'starting';
    if (isUp && instance !== null) this.resolve(instance);
    if (isUp || isWanted) return;
    const wasRefused = failure !== null && (stopReason === 'failed' || phase !== 'stopping');
    const cause = wasRefused ? 'failure' : 'stopped';
    this.#reject(rejectionError(modelName, standingRefusal(state) ?? cause, null, failure));
  }

  resolve(view: InstanceView): void {
    for (const start of this.#take()) start.resolve(view);
  }

  #reject(error: ProcessError): void {
    for (const start of this.#take()) start.reject(error);
  }

  #take(): Start[] {
    const starts = this.#starts;
    this.#starts = [];
    return starts;
  }
}

/** What keeps every model from being started. */
function standingRefusal({ isShutDown, isPaused }: InstanceState): Rejection | null {
  if (isShutDown) return 'shutting-down';
  return isPaused ? 'paused' : null;
}
