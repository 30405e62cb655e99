import type { InstanceView, ModelView, ModelViewState } from '../instance-view.js';
import type { InstanceState } from './lifecycle/instance-state.js';

/** The phase as people read it. */
export function viewState({ phase, failure }: InstanceState): ModelViewState {
  const isMissing = failure?.code === 'not-installed' || failure?.code === 'model-missing';
  return phase === 'failed' && isMissing ? 'unavailable' : phase;
}

/** The state of a local model as people read it; a reason is only given while one keeps it down. */
export function modelView(state: InstanceState, instance: InstanceView | null): ModelView {
  const isDown = state.phase === 'backoff' || state.phase === 'failed';
  const isLive = instance !== null && instance.endedAt === null;
  return {
    state: viewState(state),
    reason: isDown ? (state.failure?.message ?? null) : null,
    instance: isLive ? instance : null,
  };
}
