/**
 * The life of one download as a pure function: the same state and event give the same answer. One piece of work runs
 * at a time, and the next one begins only when the one before has answered.
 */
import type { DownloadEffect, DownloadEvent, DownloadStep } from './download-event.js';
import {
  isAtWork,
  mayCommand,
  type DownloadFailure,
  type DownloadState,
} from './download-state.js';
import type { WorkPhase } from './download-state.js';
import { maxDamages, maxFailures, retryDelayMs } from './retry-delay.js';

type Answer = Extract<DownloadEvent, { readonly turn: number }>;
type Failed = Extract<DownloadEvent, { readonly type: 'failed' }>;

/** Next state and the effects to run, in order. */
export function advanceDownload(state: DownloadState, event: DownloadEvent): DownloadStep {
  if ('turn' in event) return event.turn === state.turn ? answered(state, event) : same(state);
  switch (event.type) {
    case 'admitted':
      return state.phase === 'queued'
        ? begin(state, state.isResolved ? 'checking' : 'resolving')
        : same(state);
    case 'pause':
      return mayCommand('pause', state) ? halt(state, 'paused') : same(state);
    case 'cancel':
      return mayCommand('cancel', state) ? halt(state, 'cancelled') : same(state);
    case 'resume':
      return mayCommand('resume', state) ? resume(state) : same(state);
    case 'shut-down':
      return isAtWork(state) ? halt(state, 'queued') : same(state);
  }
}

function same(state: DownloadState): DownloadStep {
  return { state, effects: [] };
}

/** Only the work of its own phase may answer; while stopping, any answer means that it has let go. */
function answered(state: DownloadState, event: Answer): DownloadStep {
  const { phase } = state;
  if (event.type === 'due') return phase === 'waiting' ? enqueue(state) : same(state);
  if (event.type === 'progressed')
    return isAtWork(state)
      ? same({ ...state, failureCount: 0, failure: null, retryAt: null })
      : same(state);
  if (phase === 'stopping') return letGo(state, event);
  if (!isAtWork(state)) return same(state);
  switch (event.type) {
    case 'resolved':
      return phase === 'resolving'
        ? begin({ ...state, isResolved: true }, 'checking')
        : same(state);
    case 'checked':
      return phase === 'checking' ? next(state, event.missing) : same(state);
    case 'downloaded':
      return phase === 'downloading' ? begin(state, 'verifying') : same(state);
    case 'verified':
      return phase === 'verifying' ? next(state, state.missing.slice(1)) : same(state);
    case 'published':
      return phase === 'publishing' ? finish(state) : same(state);
    case 'failed':
      return failed(state, event);
    case 'stopped':
      return enqueue(state, [{ type: 'leave' }]);
  }
}

function begin(state: DownloadState, phase: WorkPhase): DownloadStep {
  const turn = state.turn + 1;
  const needsFile = phase === 'downloading' || phase === 'verifying';
  const file = needsFile ? (state.missing[0] ?? null) : null;
  return {
    state: { ...state, phase, turn },
    effects: [{ type: 'work', phase, turn, file }],
  };
}

/** The files one after the other, and the name of the revision when they are all there. */
function next(state: DownloadState, missing: readonly number[]): DownloadStep {
  return begin({ ...state, missing }, missing.length === 0 ? 'publishing' : 'downloading');
}

function finish(state: DownloadState): DownloadStep {
  const done = { ...state, phase: 'done' as const, missing: [], stopFor: null };
  return {
    state: { ...done, failure: null, failureCount: 0, damageCount: 0, retryAt: null },
    effects: [{ type: 'leave' }],
  };
}

function failed(state: DownloadState, { failure, now, jitter }: Failed): DownloadStep {
  const failureCount = state.failureCount + (failure.kind === 'passing' ? 1 : 0);
  const damageCount = state.damageCount + (failure.kind === 'damaged' ? 1 : 0);
  const counted = { ...state, failureCount, damageCount, failure };
  const isHopeless =
    failure.kind === 'lasting' || failureCount > maxFailures || damageCount > maxDamages;
  return isHopeless ? giveUp(counted) : waitFor(counted, failure, now, jitter);
}

function giveUp(state: DownloadState): DownloadStep {
  return { state: { ...state, phase: 'failed', retryAt: null }, effects: [{ type: 'leave' }] };
}

/** Others may work in the meantime. */
function waitFor(
  state: DownloadState,
  { retryAfterMs }: DownloadFailure,
  now: number,
  jitter: number,
): DownloadStep {
  const turn = state.turn + 1;
  const delayMs = retryDelayMs(state.failureCount, retryAfterMs, jitter);
  return {
    state: { ...state, phase: 'waiting', turn, retryAt: now + delayMs },
    effects: [{ type: 'leave' }, { type: 'arm', turn, delayMs }],
  };
}

function enqueue(state: DownloadState, before: readonly DownloadEffect[] = []): DownloadStep {
  return {
    state: { ...state, phase: 'queued', stopFor: null, retryAt: null, turn: state.turn + 1 },
    effects: [...before, { type: 'enqueue' }],
  };
}

/** Work lets go in its own time; everything else is left at once. */
function halt(state: DownloadState, stopFor: 'paused' | 'cancelled' | 'queued'): DownloadStep {
  if (state.phase === 'stopping') return same({ ...state, stopFor });
  if (isAtWork(state))
    return {
      state: { ...state, phase: 'stopping', stopFor },
      effects: [{ type: 'abort', turn: state.turn }],
    };
  return rest(state, stopFor, [{ type: 'disarm' }]);
}

/** A download that was paused and resumed while its work was letting go is queued again afterwards. */
function resume(state: DownloadState): DownloadStep {
  if (state.phase === 'stopping') return same({ ...state, stopFor: 'queued' });
  return enqueue({ ...state, failureCount: 0, damageCount: 0, failure: null });
}

/** What was complete at the last moment is complete. */
function letGo(state: DownloadState, event: Answer): DownloadStep {
  if (event.type === 'published') return finish(state);
  const isResolved = state.isResolved || event.type === 'resolved';
  return rest({ ...state, isResolved }, state.stopFor ?? 'paused', []);
}

function rest(
  state: DownloadState,
  phase: 'paused' | 'cancelled' | 'queued',
  before: readonly DownloadEffect[],
): DownloadStep {
  const left = [...before, { type: 'leave' as const }];
  if (phase === 'queued') return enqueue(state, left);
  const discard = phase === 'cancelled' ? [{ type: 'discard' as const }] : [];
  const turn = state.turn + 1;
  return {
    state: { ...state, phase, turn, stopFor: null, retryAt: null },
    effects: [...left, ...discard],
  };
}
