/** What requests do to a local model: they arrive, leave while waiting, and release their lease. */
import { keepSlot } from './abandoned-work.js';
import type { Transition } from './instance-effect.js';
import type { EventOf } from './instance-event.js';
import type { InstanceLimits, InstanceState } from './instance-state.js';
import { shouldFinishLoad } from './should-finish-load.js';
import {
  after,
  armIdleTimer,
  askForMemory,
  begin,
  beginStopping,
  enqueued,
  freeLeases,
  isAwaited,
  isLeaving,
  leaveQueue,
  reject,
  serve,
  unchanged,
} from './transitions.js';

/**
 * A lease if the engine is ready and may take one more; a start if it is cold; a place in the queue while it starts or leaves; a refusal
 * while it rests after a failure.
 */
export function onRequest(
  state: InstanceState,
  { ticket, now }: EventOf<'request'>,
  limits: InstanceLimits,
): Transition {
  if (state.isShutDown) return { state, effects: reject([ticket], 'shutting-down') };
  switch (state.phase) {
    case 'ready':
      if (freeLeases(state, limits) === 0) return onFull(state, ticket, now, limits);
      return {
        state: { ...state, leases: state.leases + 1 },
        effects: [{ type: 'grant', ticket, isCold: false }],
      };
    case 'cold':
      return begin(enqueued(state, ticket, now), now);
    case 'sleeping':
      return askForMemory(enqueued(state, ticket, now), now);
    case 'backoff':
    case 'quarantined':
    case 'unavailable':
      return onRequestAfterFailure(state, ticket, now);
    default:
      // There will be no next generation to wait for.
      if (state.isPaused && isLeaving(state)) return { state, effects: reject([ticket], 'paused') };
      return onFull(state, ticket, now, limits);
  }
}

function onFull(
  state: InstanceState,
  ticket: number,
  now: number,
  limits: InstanceLimits,
): Transition {
  return state.tickets.length >= limits.maxQueue
    ? { state, effects: reject([ticket], 'queue-full') }
    : unchanged(enqueued(state, ticket, now));
}

function onRequestAfterFailure(state: InstanceState, ticket: number, now: number): Transition {
  const { retryAt } = state;
  if (retryAt !== null && now >= retryAt) return begin(enqueued(state, ticket, now), now);
  const retryAfterMs = retryAt === null ? null : retryAt - now;
  const cause = state.phase === 'backoff' ? 'backoff' : 'failure';
  return { state, effects: reject([ticket], cause, retryAfterMs) };
}

/**
 * A place in the queue for memory that nobody wants is given up. A load that nobody waits for any more is finished
 * or cancelled by policy: who left often comes back, so it goes on for `lingerMs` first.
 */
export function onTicketLeft(
  state: InstanceState,
  { ticket, now }: EventOf<'ticket-left'>,
  limits: InstanceLimits,
): Transition {
  const left = { ...state, tickets: state.tickets.filter((each) => each !== ticket) };
  if (isAwaited(left)) return unchanged(left);
  if (left.phase === 'queued') return leaveQueue(left, now, limits);
  const isDecided = left.phase !== 'starting' || left.lingerUntil !== null;
  if (isDecided || shouldFinishLoad(left, now, limits)) return unchanged(left);
  if (limits.abandoned === 'cancel') return beginStopping(left, 'cancelled', false);
  const { lingerMs } = limits;
  return {
    state: { ...left, lingerUntil: now + lingerMs },
    effects: [{ type: 'arm', timer: 'linger', delayMs: lingerMs }],
  };
}

/** One that was given up keeps its slot where the engine goes on with it. */
export function onLeaseReleased(
  state: InstanceState,
  { isAbandoned, now }: EventOf<'lease-released'>,
  limits: InstanceLimits,
): Transition {
  const isServing = ['ready', 'suspect', 'draining'].includes(state.phase);
  if (!isServing || state.leases === 0) return unchanged(state);
  const leases = state.leases - 1;
  const released = { ...state, leases, idleSince: now, owesService: false, hasServed: true };
  if (!isAbandoned) return passOn(released, now, limits);
  const kept = keepSlot(released, now, limits);
  return after(kept.effects, passOn(kept.state, now, limits));
}

/** A lease that ends goes to who waits for one; the last one starts the idle time, or ends an engine that is draining. */
function passOn(released: InstanceState, now: number, limits: InstanceLimits): Transition {
  const { leases } = released;
  const isNextServed = released.phase === 'ready' && released.tickets.length > 0;
  if (isNextServed) return serve(released, { isCold: false, now }, limits);
  if (leases > 0 || released.phase === 'suspect') return unchanged(released);
  if (released.phase === 'draining') return beginStopping(released, released.stopReason, false);
  return armIdleTimer(released, now, limits);
}
