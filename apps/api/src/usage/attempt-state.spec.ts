import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isResolved,
  nextAttemptState,
  type AttemptEvent,
  type AttemptState,
} from './attempt-state.js';

const events: readonly AttemptEvent[] = ['dispatch', 'settle', 'void', 'expire'];

describe('the life of an attempt', () => {
  it('is resolved at most once, and charged only after it was dispatched, whatever is tried', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (tries) => {
        let state: AttemptState = 'reserved';
        let resolutions = 0;
        let wasDispatched = false;
        for (const event of tries) {
          const before: AttemptState = state;
          try {
            state = nextAttemptState(state, event);
          } catch {
            expect(state).toBe(before);
            continue;
          }
          wasDispatched ||= state === 'dispatched';
          if (isResolved(state)) resolutions += 1;
          if (state === 'settled' || state === 'expired') expect(wasDispatched).toBe(true);
        }
        expect(resolutions).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('says which step is not possible', () => {
    expect(() => nextAttemptState('settled', 'settle')).toThrow(
      'settled cannot take the step "settle"',
    );
  });
});
