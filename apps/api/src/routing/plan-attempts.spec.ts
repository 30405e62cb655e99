import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAttempts } from './plan-attempts.js';
import type { ResolvedRoute, ResolvedTarget } from './resolved-target.js';

const target = (kind: 'local' | 'provider'): ResolvedTarget =>
  ({ kind, label: kind }) as unknown as ResolvedTarget;

const route = fc
  .record({
    cloud: fc.constantFrom('never' as const, 'allow' as const),
    isPrivate: fc.boolean(),
    targets: fc.array(fc.constantFrom(target('local'), target('provider')), { maxLength: 6 }),
  })
  .map(
    (given) =>
      ({ id: 'r', name: 'm', createdAtMs: 0, lossMode: 'warn', ...given }) satisfies ResolvedRoute,
  );

describe('planAttempts', () => {
  it('never leaves the machine for a private route, a private key or a route without leave', () => {
    fc.assert(
      fc.property(route, fc.boolean(), (given, isPrivate) => {
        const mayLeave = given.cloud === 'allow' && !given.isPrivate && !isPrivate;
        const wanted = given.targets.filter(({ kind }) => kind === 'local' || mayLeave);
        if (wanted.length === 0) {
          expect(() => planAttempts(given, { isPrivate })).toThrow('cannot be served');
          return;
        }
        const kinds = planAttempts(given, { isPrivate }).map(({ kind }) => kind);
        expect(kinds).toHaveLength(wanted.length);
        expect(kinds.toSorted()).toEqual(kinds);
        if (!mayLeave) expect(kinds).not.toContain('provider');
      }),
    );
  });
});
