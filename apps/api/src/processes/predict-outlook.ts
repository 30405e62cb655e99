import type { ModelView } from '#process';
import type { ModelOutlook } from '../common/model-outlook.js';

/** A load that takes longer than the last one is not said to be complete. */
const mostProgress = 0.99;

const restingStates: ReadonlySet<string> = new Set(['backoff', 'failed', 'unavailable']);

/**
 * What the state of a local model promises a request. Who rests after a failure is left to the supervisor, which
 * knows when it may be tried again.
 * @param loadMs how long it took to load last time; null when it never has
 * @param nowMs epoch milliseconds
 */
export function predictOutlook(
  { state, instance }: ModelView,
  loadMs: number | null,
  nowMs: number,
): ModelOutlook {
  const isServingNow = state === 'ready';
  const loadedForMs = state === 'starting' && instance !== null ? nowMs - instance.startedAt : 0;
  return {
    state,
    isServingNow,
    predictedWaitMs: isServingNow
      ? 0
      : loadMs === null || restingStates.has(state)
        ? null
        : Math.max(0, loadMs - loadedForMs),
    progress:
      state === 'starting' && loadMs !== null
        ? Math.min(mostProgress, loadedForMs / Math.max(1, loadMs))
        : null,
    unavailable: null,
  };
}
