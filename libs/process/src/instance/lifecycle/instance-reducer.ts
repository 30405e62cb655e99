/**
 * The lifecycle of one local model as a pure function: every decision is made here and nowhere else, by one
 * writer, so no two callers can start, stop or lease against each other.
 */
import { onReconfigured, onShutDown, onStart, onStop } from './command-transitions.js';
import { onFailed, onGone, onReady } from './engine-transitions.js';
import type { InstanceEvent, InstanceLimits, InstanceState, Transition } from './instance-state.js';
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
    case 'start':
      return onStart(state, event);
    case 'stop':
      return onStop(state, event, limits);
    case 'became-ready':
      return onReady(state, event, limits);
    case 'failed':
      return onFailed(state, event, limits);
    case 'gone':
      return onGone(state, event, limits);
    case 'lease-released':
      return onLeaseReleased(state, event, limits);
    case 'timer':
      return onTimer(state, event, limits);
    case 'reconfigured':
      return onReconfigured(state, event, limits);
    case 'shut-down':
      return onShutDown(state, event, limits);
    case 'reopened':
      return unchanged({ ...state, isShutDown: false });
  }
}
