import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAttempts } from './plan-attempts.js';
import type { ResolvedRoute, ResolvedTarget } from './resolved-target.js';

const target = (kind: 'local' | 'provider', price: 'free' | null): ResolvedTarget =>
  ({ kind, label: kind, price }) as unknown as ResolvedTarget;
const here = target('local', 'free');
const peer = target('provider', 'free');
const paid = target('provider', null);

const route = fc
  .record({
    cloud: fc.constantFrom('never' as const, 'allow' as const, 'prefer' as const),
    isPrivate: fc.boolean(),
    targets: fc.array(fc.constantFrom(here, peer, paid), { maxLength: 6 }),
  })
  .map(
    (given) =>
      ({
        id: 'r',
        name: 'm',
        createdAtMs: 0,
        lossMode: 'warn',
        waiting: { whenCold: 'wait', maxWaitMs: null, commitAfterMs: 0, hedgeAfterMs: null },
        fallbackBudgetNanos: null,
        fallbackBudgetWindow: 'month',
        hasLocalTarget: given.targets.some(({ kind }) => kind === 'local'),
        ...given,
      }) satisfies ResolvedRoute,
  );

describe('planAttempts', () => {
  it('never leaves the machine for a private route, a private key or a route without leave', () => {
    fc.assert(
      fc.property(route, fc.boolean(), (given, isPrivate) => {
        const mayLeave = given.cloud !== 'never' && !given.isPrivate && !isPrivate;
        const wanted = given.targets.filter(({ kind }) => kind === 'local' || mayLeave);
        if (wanted.length === 0) {
          expect(() => planAttempts(given, { isPrivate })).toThrow('cannot be served');
          return;
        }
        const planned = planAttempts(given, { isPrivate });
        expect(planned).toHaveLength(wanted.length);
        if (!mayLeave) expect(planned.map(({ kind }) => kind)).not.toContain('provider');
      }),
    );
  });

  it('asks this machine first, then free peers, then those that cost', () => {
    fc.assert(
      fc.property(route, (given) => {
        const open = { ...given, cloud: 'allow' as const, isPrivate: false };
        if (open.targets.length === 0) return;
        const ranks = planAttempts(open, { isPrivate: false }).map((each) =>
          [here, peer, paid].indexOf(each),
        );
        expect(ranks).toEqual(ranks.toSorted());
      }),
    );
  });

  it('asks this machine last where the route prefers the cloud, and the same targets', () => {
    fc.assert(
      fc.property(route, (given) => {
        const open = { ...given, cloud: 'prefer' as const, isPrivate: false };
        if (open.targets.length === 0) return;
        const planned = planAttempts(open, { isPrivate: false });
        const ranks = planned.map((each) => [peer, paid, here].indexOf(each));
        expect(ranks).toEqual(ranks.toSorted());
        expect(planned).toHaveLength(open.targets.length);
      }),
    );
  });
});
