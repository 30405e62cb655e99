import { describeSuspicion } from '../health/suspicion.js';
import type { InstanceView, InstanceViewState, ModelView } from '../instance-view.js';
import type { InstanceEnd } from '../launch/engine-instance.js';
import type { InstanceState, StopReason } from './lifecycle/instance-state.js';

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

const endings: Readonly<Record<StopReason, string>> = {
  stopped: 'It was stopped by hand.',
  idle: 'Nobody had asked for it for a while.',
  evicted: 'Another model needed its memory.',
  cancelled: 'Everybody who waited for its start had left.',
  failed: 'It ended by itself.',
  'out-of-memory': 'There was not enough memory.',
  reconfigured: 'Its settings were changed.',
  'shut-down': 'The gateway was shut down.',
};

/** What goes into the exit record of a generation that ended in this state. */
export function endOf({ stopReason, failure }: InstanceState): InstanceEnd {
  const isFailure = stopReason === 'failed' || stopReason === 'out-of-memory';
  if (isFailure && failure !== null) {
    return { reason: failure.reason, message: failure.message, isFailure };
  }
  return { reason: stopReason, message: endings[stopReason], isFailure };
}

function doubtOf({ phase, suspicion }: InstanceState): string | null {
  return phase === 'suspect' && suspicion !== null ? describeSuspicion(suspicion) : null;
}

/** The state of a local model as people read it; a reason is only given while one keeps it from serving. */
export function modelView(state: InstanceState, instance: InstanceView | null): ModelView {
  const isDown = ['backoff', 'quarantined', 'unavailable'].includes(state.phase);
  const isLive = instance !== null && instance.endedAt === null;
  return {
    state: state.phase,
    reason: isDown ? (state.failure?.message ?? null) : doubtOf(state),
    instance: isLive ? instance : null,
  };
}
