import type { LearnedFigure } from '../learned/learned-figures.js';
import type { ModelOutlook, Unavailability, UnavailableCode } from '../model-outlook.js';
import type { InstanceLimits, InstanceState } from './lifecycle/instance-state.js';
import { viewState } from './model-view.js';
import { rejectionError } from './rejection-error.js';

/** A load that takes longer than the last ones is not said to be complete. */
const MOST_PROGRESS = 0.99;

interface OutlookFacts {
  readonly state: InstanceState;
  readonly limits: InstanceLimits;
  readonly figure: LearnedFigure;
  readonly modelName: string;
  /** Requests the engine works on at once. */
  readonly slots: number;
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** Reads the future of a request out of what is known; decides nothing. */
export function predictOutlook(facts: OutlookFacts): ModelOutlook {
  const unavailable = unavailability(facts);
  const { state } = facts;
  return {
    state: viewState(state),
    isServingNow: unavailable === null && state.phase === 'ready',
    predictedWaitMs: unavailable === null ? predictedWaitMs(facts) : null,
    progress: state.phase === 'starting' ? loadProgress(facts) : null,
    unavailable,
  };
}

/** Requests ahead keep each slot for one mean service time. */
function queueMs({ figure, slots }: OutlookFacts, ahead: number): number | null {
  const rounds = Math.floor(ahead / slots);
  if (rounds === 0) return 0;
  return figure.serviceMs === null ? null : rounds * figure.serviceMs;
}

function sum(first: number | null, second: number | null): number | null {
  return first === null || second === null ? null : Math.round(first + second);
}

function predictedWaitMs(facts: OutlookFacts): number | null {
  const { state, figure } = facts;
  const behindTickets = queueMs(facts, state.tickets.length);
  switch (state.phase) {
    case 'ready':
      return sum(queueMs(facts, state.leases), 0);
    case 'starting':
      return sum(remainingLoadMs(facts), behindTickets);
    case 'draining':
      return sum(sum(queueMs(facts, state.leases), figure.loadMs), behindTickets);
    default:
      return sum(figure.loadMs, behindTickets);
  }
}

function remainingLoadMs({ state, figure, now }: OutlookFacts): number | null {
  return figure.loadMs === null ? null : Math.max(0, figure.loadMs - (now - state.startedAt));
}

function loadProgress({ state, figure, now }: OutlookFacts): number | null {
  if (figure.loadMs === null) return null;
  return Math.min(MOST_PROGRESS, (now - state.startedAt) / Math.max(figure.loadMs, 1));
}

const failureCodes: Partial<Record<string, UnavailableCode>> = {
  'not-installed': 'not_installed',
  'model-missing': 'model_missing',
};

function unavailability(facts: OutlookFacts): Unavailability | null {
  const { state, limits, now } = facts;
  const refused = (
    code: UnavailableCode,
    cause: Parameters<typeof rejectionError>[1],
    waitMs: number | null,
  ) => {
    const error = rejectionError(facts.modelName, cause, waitMs, state.failure);
    return { code, message: error.message, retryAfterMs: error.retryAfterMs };
  };
  if (state.isShutDown) return refused('shutting_down', 'shutting-down', null);
  const isResting = state.phase === 'backoff' || state.phase === 'failed';
  if (isResting) {
    const retryAfterMs = state.retryAt === null ? null : state.retryAt - now;
    if (retryAfterMs !== null && retryAfterMs <= 0) return null;
    if (state.phase === 'backoff') return refused('backoff', 'backoff', retryAfterMs);
    const code = failureCodes[state.failure?.code ?? ''] ?? 'quarantined';
    return refused(code, 'failure', retryAfterMs);
  }
  const mustWait = state.phase !== 'ready' && state.phase !== 'cold';
  const isFull = mustWait && state.tickets.length >= limits.maxQueue;
  return isFull ? refused('queue_full', 'queue-full', null) : null;
}
