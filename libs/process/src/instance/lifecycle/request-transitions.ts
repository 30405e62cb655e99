/** What requests do to a local model: they arrive, leave while waiting, and release their lease. */
import type { EventOf, InstanceLimits, InstanceState, Transition } from './instance-state.js';
import { armIdleTimer, begin, beginStopping, reject, unchanged } from './transitions.js';

/**
 * A lease if the engine is ready; a start if it is cold; a place in the queue while it starts or leaves; a refusal
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
      return {
        state: { ...state, leases: state.leases + 1 },
        effects: [{ type: 'grant', ticket, isCold: false }],
      };
    case 'cold':
      return begin({ ...state, tickets: [ticket] }, now);
    case 'backoff':
    case 'failed':
      return onRequestAfterFailure(state, ticket, now);
    case 'starting':
    case 'draining':
    case 'stopping':
      if (state.tickets.length >= limits.maxQueue) {
        return { state, effects: reject([ticket], 'queue-full') };
      }
      return unchanged({ ...state, tickets: [...state.tickets, ticket], lingerUntil: null });
  }
}

function onRequestAfterFailure(state: InstanceState, ticket: number, now: number): Transition {
  const { retryAt } = state;
  if (retryAt !== null && now >= retryAt) return begin({ ...state, tickets: [ticket] }, now);
  const retryAfterMs = retryAt === null ? null : retryAt - now;
  const cause = state.phase === 'backoff' ? 'backoff' : 'failure';
  return { state, effects: reject([ticket], cause, retryAfterMs) };
}

/**
 * A start that nobody waits for any more goes on for `lingerMs`, since who left often comes back, and is then
 * cancelled.
 */
export function onTicketLeft(
  state: InstanceState,
  { ticket, now }: EventOf<'ticket-left'>,
  { lingerMs }: InstanceLimits,
): Transition {
  const tickets = state.tickets.filter((each) => each !== ticket);
  const isAbandoned = state.phase === 'starting' && tickets.length === 0 && !state.isWanted;
  if (!isAbandoned || state.lingerUntil !== null) return unchanged({ ...state, tickets });
  return {
    state: { ...state, tickets, lingerUntil: now + lingerMs },
    effects: [{ type: 'arm', timer: 'linger', delayMs: lingerMs }],
  };
}

/** The last lease starts the idle time, or ends an engine that is draining. */
export function onLeaseReleased(
  state: InstanceState,
  { now }: EventOf<'lease-released'>,
  limits: InstanceLimits,
): Transition {
  const isServing = state.phase === 'ready' || state.phase === 'draining';
  if (!isServing || state.leases === 0) return unchanged(state);
  const released = { ...state, leases: state.leases - 1, idleSince: now };
  if (released.leases > 0) return unchanged(released);
  if (state.phase === 'draining') return beginStopping(released, state.stopReason, false);
  return armIdleTimer(released, limits);
}
