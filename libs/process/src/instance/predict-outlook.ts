import type { LearnedFigure } from '../learned/learned-figures.js';
import type { RefusalCause } from '../memory/arbiter-state.js';
import type { ClaimOutlook } from '../memory/memory-arbiter.js';
import type { ModelOutlook, Unavailability, UnavailableCode } from '../model-outlook.js';
import type { Rejection } from './lifecycle/instance-effect.js';
import type {
  InstanceFailure,
  InstanceLimits,
  InstancePhase,
  InstanceState,
} from './lifecycle/instance-state.js';
import { freeLeases } from './lifecycle/transitions.js';
import { rejectionError } from './rejection-error.js';

/** A load that takes longer than the last ones is not said to be complete. */
const MOST_PROGRESS = 0.99;

interface OutlookFacts {
  readonly state: InstanceState;
  readonly limits: InstanceLimits;
  readonly figure: LearnedFigure;
  readonly modelName: string;
  readonly isEnabled: boolean;
  /** Requests the engine works on at once. */
  readonly slots: number;
  /** What its claim for memory would meet; null while its size is not known. */
  readonly memory: ClaimOutlook | null;
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** Reads the future of a request out of what is known; decides nothing. */
export function predictOutlook(facts: OutlookFacts): ModelOutlook {
  const unavailable = unavailability(facts);
  const { phase } = facts.state;
  const hasLease = freeLeases(facts.state, facts.limits) > 0;
  return {
    state: phase,
    isServingNow: unavailable === null && phase === 'ready' && hasLease,
    predictedWaitMs: unavailable === null ? predictedWaitMs(facts) : null,
    progress: phase === 'starting' ? loadProgress(facts) : null,
    unavailable,
  };
}

/** Requests ahead keep each slot for one mean service time. */
function queueMs({ figure, slots }: OutlookFacts, ahead: number): number | null {
  const rounds = Math.floor(ahead / slots);
  if (rounds === 0) return 0;
  return figure.serviceMs === null ? null : rounds * figure.serviceMs;
}

function sum(...parts: readonly (number | null)[]): number | null {
  return parts.reduce<number | null>(
    (total, part) => (total === null || part === null ? null : Math.round(total + part)),
    0,
  );
}

function predictedWaitMs(facts: OutlookFacts): number | null {
  const { state, figure, memory } = facts;
  const behindTickets = queueMs(facts, state.tickets.length);
  const memoryMs = memory?.waitMs ?? 0;
  switch (state.phase) {
    case 'ready':
    case 'suspect':
      return sum(queueMs(facts, state.leases + state.abandoned.length + state.tickets.length));
    case 'starting':
      return sum(remainingLoadMs(facts), behindTickets);
    case 'sleeping':
    case 'waking':
      return null;
    case 'draining':
      return sum(queueMs(facts, state.leases), memoryMs, figure.loadMs, behindTickets);
    default:
      return sum(memoryMs, figure.loadMs, behindTickets);
  }
}

/** By what the engine says of its progress, else by how long earlier loads took. */
function remainingLoadMs({ state, figure, now }: OutlookFacts): number | null {
  const { progress, startedAt } = state;
  const elapsedMs = now - startedAt;
  if (progress !== null && progress > 0) return (elapsedMs * (1 - progress)) / progress;
  return figure.loadMs === null ? null : Math.max(0, figure.loadMs - elapsedMs);
}

function loadProgress({ state, figure, now }: OutlookFacts): number | null {
  if (state.progress !== null) return state.progress;
  if (figure.loadMs === null) return null;
  return Math.min(MOST_PROGRESS, (now - state.startedAt) / Math.max(figure.loadMs, 1));
}

const memoryMessages: Readonly<Record<RefusalCause, string>> = {
  'too-large': 'needs more memory than the budget allows. Use a smaller model, or raise the budget',
  pinned: 'has no memory left beside models that are pinned. Unpin one of them',
  'no-free-memory': 'has no memory left beside other programs. Close some of them',
};

const restingPhases: ReadonlySet<InstancePhase> = new Set([
  'backoff',
  'unavailable',
  'quarantined',
]);
/** Phases that lead to an answer without a load that has not begun. */
const unpausedPhases: ReadonlySet<InstancePhase> = new Set([
  'ready',
  'suspect',
  'starting',
  'waking',
]);

function missingCode(failure: InstanceFailure | null): UnavailableCode {
  if (failure?.code === 'model-missing') return 'model_missing';
  return failure?.code === 'platform-unsupported' ? 'platform_unsupported' : 'not_installed';
}

function unavailability(facts: OutlookFacts): Unavailability | null {
  const { state, limits, now, modelName, memory } = facts;
  const refused = (code: UnavailableCode, cause: Rejection, waitMs: number | null) => {
    const { message, retryAfterMs } = rejectionError(modelName, cause, waitMs, state.failure);
    return { code, message, retryAfterMs };
  };
  if (!facts.isEnabled) return refused('disabled', 'disabled', null);
  if (state.isShutDown) return refused('shutting_down', 'shutting-down', null);
  const retryAfterMs = state.retryAt === null ? null : state.retryAt - now;
  const isDue = retryAfterMs !== null && retryAfterMs <= 0;
  const isResting = restingPhases.has(state.phase) && !isDue;
  if (state.isPaused && !isResting && !unpausedPhases.has(state.phase)) {
    return refused('resource_paused', 'paused', null);
  }
  switch (state.phase) {
    case 'backoff': {
      const isShort = state.failure?.reason === 'no-free-memory';
      return isDue ? null : refused(isShort ? 'out_of_memory' : 'backoff', 'backoff', retryAfterMs);
    }
    case 'unavailable':
      return isDue ? null : refused(missingCode(state.failure), 'failure', retryAfterMs);
    case 'quarantined':
      return refused('quarantined', 'failure', null);
    case 'cold':
      if (memory?.refusal == null) return null;
      return {
        code: 'out_of_memory',
        message: `The local model "${modelName}" ${memoryMessages[memory.refusal]}.`,
        retryAfterMs: null,
      };
    case 'sleeping':
      return null;
    default:
      return state.tickets.length >= limits.maxQueue
        ? refused('queue_full', 'queue-full', predictedWaitMs(facts))
        : null;
  }
}
