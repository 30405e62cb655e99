/**
 * The lifecycle of one local model as a pure function: every decision is made here and nowhere else, by one
 * writer, so no two callers can start, stop or lease against each other.
 */
import { onWorkCounted } from './abandoned-work.js';
import {
  onNap,
  onPaused,
  onPinned,
  onReconfigured,
  onShutDown,
  onStart,
  onStop,
} from './command-transitions.js';
import {
  onFailed,
  onGone,
  onProbed,
  onProgressed,
  onReady,
  onSuspected,
} from './engine-transitions.js';
import type { Transition } from './instance-effect.js';
import type { InstanceEvent } from './instance-event.js';
import type { InstanceLimits, InstanceState } from './instance-state.js';
import {
  afterReclaim,
  onEvicted,
  onPermitted,
  onRefused,
  onReprieved,
} from './memory-transitions.js';
import { onLeaseReleased, onRequest, onTicketLeft } from './request-transitions.js';
import { onTimer } from './timer-transitions.js';
import { unchanged } from './transitions.js';

/** Next state and the effects to run, in order. Events of another generation change nothing. */
export function reduce(
  state: InstanceState,
  event: InstanceEvent,
  limits: InstanceLimits,
): Transition {
  if ('generation' in event && event.generation !== state.generation) return unchanged(state);
  switch (event.type) {
    case 'request':
      return onRequest(state, event, limits);
    case 'ticket-left':
      return onTicketLeft(state, event, limits);
    case 'lease-released':
      return onLeaseReleased(state, event, limits);
    case 'start':
      return onStart(state, event);
    case 'stop':
      return onStop(state, event, limits);
    case 'nap':
      return onNap(state, event, limits);
    case 'paused':
      return onPaused(state, event, limits);
    case 'pinned':
      return onPinned(state, event, limits);
    case 'reconfigured':
      return onReconfigured(state, event, limits);
    case 'shut-down':
      return onShutDown(state, event, limits);
    case 'reopened':
      return unchanged({ ...state, isShutDown: false });
    case 'timer':
      return onTimer(state, event, limits);
    case 'permitted':
    case 'refused':
    case 'evicted':
    case 'reprieved':
    case 'reclaimed':
      return reduceMemory(state, event, limits);
    default:
      return reduceEngine(state, event, limits);
  }
}

type MemoryEventType = 'permitted' | 'refused' | 'evicted' | 'reprieved' | 'reclaimed';
type EngineEventType =
  | 'progressed'
  | 'became-ready'
  | 'woken'
  | 'failed'
  | 'suspected'
  | 'probed'
  | 'work-counted'
  | 'gone';

function reduceMemory(
  state: InstanceState,
  event: Extract<InstanceEvent, { type: MemoryEventType }>,
  limits: InstanceLimits,
): Transition {
  switch (event.type) {
    case 'permitted':
      return onPermitted(state, event);
    case 'refused':
      return onRefused(state, event, limits);
    case 'evicted':
      return onEvicted(state, event);
    case 'reprieved':
      return onReprieved(state, event, limits);
    case 'reclaimed':
      return afterReclaim(state, event.now);
  }
}

function reduceEngine(
  state: InstanceState,
  event: Extract<InstanceEvent, { type: EngineEventType }>,
  limits: InstanceLimits,
): Transition {
  switch (event.type) {
    case 'progressed':
      return onProgressed(state, event);
    case 'became-ready':
    case 'woken':
      return onReady(state, event, limits);
    case 'failed':
      return onFailed(state, event, limits);
    case 'suspected':
      return onSuspected(state, event);
    case 'probed':
      return onProbed(state, event, limits);
    case 'work-counted':
      return onWorkCounted(state, event, limits);
    case 'gone':
      return onGone(state, event, limits);
  }
}
