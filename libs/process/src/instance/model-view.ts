import type { InstanceView, InstanceViewState, ModelView } from '../instance-view.js';
import type { InstanceState } from './lifecycle/instance-state.js';

/** What the process of the model is doing; null when it has none. */
export function livePhase({ phase, isAsleep }: InstanceState): InstanceViewState | null {
  switch (phase) {
    case 'queued':
      return isAsleep ? 'sleeping' : null;
    case 'cold':
    case 'reclaiming':
    case 'backoff':
    case 'quarantined':
    case 'unavailable':
      return null;
    default:
      return phase;
  }
}

/** What goes into the exit record of a generation that ended in this state. */
export function endOf({ stopReason, failure }: InstanceState): {
  readonly reason: string;
  readonly isFailure: boolean;
} {
  const isFailure = stopReason === 'failed' || stopReason === 'out-of-memory';
  return { reason: isFailure ? (failure?.reason ?? stopReason) : stopReason, isFailure };
}

/** The state of a local model as people read it; a reason is only given while one keeps it down. */
export function modelView(state: InstanceState, instance: InstanceView | null): ModelView {
  const isDown = ['backoff', 'quarantined', 'unavailable'].includes(state.phase);
  const isLive = instance !== null && instance.endedAt === null;
  return {
    state: state.phase,
    reason: isDown ? (state.failure?.message ?? null) : null,
    instance: isLive ? instance : null,
  };
}
