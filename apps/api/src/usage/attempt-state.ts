/**
 * The life of the money of one attempt: reserved before anything is sent, dispatched once its row is durable,
 * and then resolved exactly once. `settled`: it cost something or may have. `voided`: it cannot have cost anything.
 * `expired`: nobody could say, because the gateway died; it is charged as estimated up to the reservation.
 */
export type AttemptState = 'reserved' | 'dispatched' | 'settled' | 'voided' | 'expired';

export type AttemptEvent = 'dispatch' | 'settle' | 'void' | 'expire';

const transitions: Readonly<Record<AttemptState, Partial<Record<AttemptEvent, AttemptState>>>> = {
  reserved: { dispatch: 'dispatched', void: 'voided' },
  dispatched: { settle: 'settled', void: 'voided', expire: 'expired' },
  settled: {},
  voided: {},
  expired: {},
};

/** @throws Error on a step that would resolve an attempt twice or charge one that was never sent. */
export function nextAttemptState(state: AttemptState, event: AttemptEvent): AttemptState {
  const next = transitions[state][event];
  if (next === undefined)
    throw new Error(`an attempt that is ${state} cannot take the step "${event}"`);
  return next;
}

export function isResolved(state: AttemptState): boolean {
  return state === 'settled' || state === 'voided' || state === 'expired';
}
