import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedWorld, failure } from '../../../test/simulated-world.js';
import { reduce } from './instance-reducer.js';
import { initialState } from './instance-state.js';
import type { InstanceEvent } from './instance-event.js';
import type { InstanceLimits } from './instance-state.js';

const limits: InstanceLimits = {
  idleStopMs: 10_000,
  canSleep: false,
  abandoned: 'auto',
  lingerMs: 5000,
  expectedLoadMs: null,
  drainMs: 60_000,
  reclaimMs: 10_000,
  maxLeases: null,
  abandonedWorkMs: 20_000,
  canCountWork: false,
  maxQueue: 4,
  maxBackoffMs: 300_000,
  quarantineAfter: 5,
  stableMs: 60_000,
  recheckMs: 1000,
};

type Step = (world: SimulatedWorld) => void;

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>((world) => world.request()) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat(), fc.boolean()).map(
      ([n, isAbandoned]): Step =>
        (world) =>
          world.release(n, isAbandoned),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.nat().map(
      (n): Step =>
        (world) =>
          world.leave(n),
    ),
  },
  { weight: 4, arbitrary: fc.constant<Step>((world) => world.becomeReady()) },
  { weight: 4, arbitrary: fc.constant<Step>((world) => world.finishEnding()) },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (is): Step =>
        (world) =>
          world.fail(is),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(90_000).map(
      (ms): Step =>
        (world) =>
          world.advance(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((world) => world.send({ type: 'start', now: world.nowMs })),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map((isHung): Step => (world) => {
      world.isHung = isHung;
      const { generation } = world.state;
      world.send({ type: 'suspected', generation, cause: 'stalled' });
    }),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (isForced): Step =>
        (world) =>
          world.send({ type: 'stop', isForced, now: world.nowMs }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (isLaunchChanged): Step =>
        (world) =>
          world.send({ type: 'reconfigured', isLaunchChanged, now: world.nowMs }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((world) => {
      world.send({ type: 'shut-down', now: world.nowMs });
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.send({ type: 'reopened' })) },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (isPaused): Step =>
        (world) =>
          world.send({ type: 'paused', isPaused, now: world.nowMs }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((world) => {
      world.send({ type: 'stop', isForced: false, isPatient: true, now: world.nowMs });
    }),
  },
);

/** Everybody leaves, every process does what it was told, and time passes. */
function calmDown(world: SimulatedWorld): void {
  for (let round = 0; round < 20; round += 1) {
    while (world.waiting.size > 0) world.leave(0);
    while (world.leases.length > 0) world.release(0);
    world.becomeReady();
    world.finishEnding();
    world.advance(400_000);
  }
}

describe('the lifecycle of a local model, whatever happens in whatever order', () => {
  it('keeps one live generation, ends each ticket once and counts each lease once', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 120 }), (sequence) => {
        const world = new SimulatedWorld(limits);
        for (const step of sequence) step(world);
        calmDown(world);
        expect(world.live.size).toBe(0);
        expect(world.state).toMatchObject({ tickets: [], leases: 0 });
        expect(['cold', 'quarantined']).toContain(world.state.phase);
      }),
      { numRuns: 1500 },
    );
  });

  it('changes nothing for news of another generation', () => {
    const stale = fc.constantFrom<InstanceEvent['type']>(
      'became-ready',
      'failed',
      'gone',
      'lease-released',
    );
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), stale, fc.nat(5), (sequence, type, back) => {
        const world = new SimulatedWorld(limits);
        for (const step of sequence) step(world);
        const generation = world.state.generation + (back === 0 ? 1 : -back);
        const event = { type, generation, failure: failure(true), jitter: 0, now: world.nowMs };
        const { state, effects } = reduce(world.state, event as InstanceEvent, limits);
        expect(state).toBe(world.state);
        expect(effects).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('spawns once for any number of concurrent requests', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (count) => {
        const world = new SimulatedWorld({ ...limits, maxQueue: 200 });
        for (let index = 0; index < count; index += 1) world.request();
        world.becomeReady();
        expect(world).toMatchObject({ spawns: 1, granted: count, rejected: 0 });
      }),
    );
  });
});

describe('reduce', () => {
  it('serves a request that comes while the engine stops with the next generation', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.becomeReady();
    world.release(0);
    world.advance(10_000);
    expect(world.state.phase).toBe('stopping');
    world.request();
    expect(world.spawns).toBe(1);
    world.finishEnding();
    expect(world).toMatchObject({ spawns: 2, state: { phase: 'starting', generation: 2 } });
    world.becomeReady();
    expect(world.granted).toBe(2);
  });

  it('counts the idle time from the last release, not from the first', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.request();
    world.becomeReady();
    world.release(0);
    world.advance(9000);
    world.release(0);
    world.advance(9999);
    expect(world.state.phase).toBe('ready');
    world.advance(1);
    expect(world.state.phase).toBe('stopping');
  });

  it('never stops an idle engine without an idle time', () => {
    const world = new SimulatedWorld({ ...limits, idleStopMs: null });
    world.request();
    world.becomeReady();
    world.release(0);
    world.advance(1e9);
    expect(world.state.phase).toBe('ready');
  });

  it('goes on with a start that somebody joins within the linger', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.leave(0);
    world.advance(4999);
    world.request();
    world.advance(10_000);
    expect(world.state.phase).toBe('starting');
  });

  it('does not cancel a start that was asked for by hand', () => {
    const world = new SimulatedWorld(limits);
    world.send({ type: 'start', now: world.nowMs });
    world.request();
    world.leave(0);
    world.advance(60_000);
    expect(world.state.phase).toBe('starting');
  });

  it('doubles the pause with every failure, up to the longest', () => {
    const world = new SimulatedWorld({ ...limits, quarantineAfter: null });
    const pauses: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      world.request();
      world.fail(true);
      world.finishEnding();
      pauses.push((world.state.retryAt ?? 0) - world.nowMs);
      world.advance(300_000);
    }
    expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(pauses.at(-1)).toBe(300_000);
  });

  it('forgets earlier failures after a stable run', () => {
    const world = new SimulatedWorld({ ...limits, idleStopMs: null });
    for (const runMs of [0, 0, 60_000]) {
      world.request();
      world.becomeReady();
      world.release(0);
      world.advance(runMs);
      world.fail(true);
      world.finishEnding();
      const pauseMs = (world.state.retryAt ?? 0) - world.nowMs;
      expect(pauseMs).toBe(runMs === 0 ? 1000 * 2 ** (world.state.failureCount - 1) : 1000);
      world.advance(300_000);
    }
  });

  it('fails at once, and for good, for a cause that another try cannot mend', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.fail(false);
    world.finishEnding();
    world.advance(1e9);
    world.request();
    expect(world).toMatchObject({ spawns: 1, rejected: 2, state: { phase: 'quarantined' } });
    world.send({ type: 'reconfigured', isLaunchChanged: true, now: world.nowMs });
    world.request();
    expect(world.spawns).toBe(2);
  });

  it('looks again for a missing file when somebody asks a second later', () => {
    const missing = { ...failure(false), code: 'model-missing' } as const;
    const world = new SimulatedWorld(limits);
    world.request();
    world.send({ type: 'failed', generation: 1, failure: missing, now: 0 });
    world.finishEnding();
    world.request();
    expect(world.spawns).toBe(1);
    world.advance(1000);
    world.request();
    expect(world.spawns).toBe(2);
  });

  it('takes leases away when draining lasts too long', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.becomeReady();
    world.send({ type: 'stop', isForced: false, now: 0 });
    expect(world.state.phase).toBe('draining');
    world.advance(60_000);
    expect(world.state.phase).toBe('stopping');
    expect(world.leases[0]?.isLost).toBe(true);
  });

  it('waits for those it serves as long as it takes, when it was asked to be patient', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.becomeReady();
    world.send({ type: 'stop', isForced: false, isPatient: true, now: 0 });
    world.advance(1e9);
    expect(world.state.phase).toBe('draining');
    world.release(0);
    expect(world.state.phase).toBe('stopping');
  });

  it('loads nothing while paused, and goes on serving what is loaded', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.send({ type: 'paused', isPaused: true, now: 0 });
    world.becomeReady();
    world.request();
    expect(world).toMatchObject({ granted: 2, rejected: 0, state: { phase: 'ready' } });
    world.release(0);
    world.release(0);
    world.advance(10_000);
    world.request();
    world.finishEnding();
    world.send({ type: 'start', now: world.nowMs });
    expect(world).toMatchObject({ spawns: 1, rejected: 1, state: { phase: 'cold' } });
    world.send({ type: 'paused', isPaused: false, now: world.nowMs });
    world.request();
    expect(world.spawns).toBe(2);
  });

  it('turns those away who wait for memory when loading is paused', () => {
    const queued = { ...initialState, phase: 'queued', generation: 1, tickets: [7] } as const;
    const paused = reduce(queued, { type: 'paused', isPaused: true, now: 0 }, limits);
    expect(paused.state).toMatchObject({ phase: 'cold', tickets: [] });
    expect(paused.effects.map(({ type }) => type)).toEqual(['reject', 'release-memory']);
    const asleep = reduce(
      { ...queued, isAsleep: true },
      { type: 'paused', isPaused: true, now: 0 },
      limits,
    );
    expect(asleep.state.phase).toBe('sleeping');
  });

  it('sleeps by order when it is idle and can, and never with somebody to serve', () => {
    const ready = { ...initialState, phase: 'ready', generation: 1, isPinned: true } as const;
    const nap = { type: 'nap', now: 5 } as const;
    const drowsy = { ...limits, canSleep: true };
    expect(reduce(ready, nap, drowsy).effects).toEqual([{ type: 'sleep', generation: 1 }]);
    expect(reduce(ready, nap, limits).state).toBe(ready);
    const busy = { ...ready, leases: 1 };
    expect(reduce(busy, nap, drowsy).state).toBe(busy);
  });

  const suspect = (world: SimulatedWorld): void =>
    world.send({ type: 'suspected', generation: world.state.generation, cause: 'no-token' });

  it('tries a suspect three times, a second apart, and only then ends it', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.becomeReady();
    world.isHung = true;
    suspect(world);
    expect(world).toMatchObject({ probes: 1, state: { phase: 'suspect', suspicion: 'no-token' } });
    world.advance(1999);
    expect(world).toMatchObject({ probes: 2, state: { phase: 'suspect', leases: 1 } });
    world.advance(1);
    expect(world).toMatchObject({ probes: 3, state: { phase: 'stopping', stopReason: 'failed' } });
  });

  it.each([
    ['a probe that succeeds', (world: SimulatedWorld) => (world.isHung = false)],
    [
      'a good answer to a caller',
      (world: SimulatedWorld) =>
        world.send({ type: 'probed', generation: 1, failure: null, now: world.nowMs }),
    ],
  ])('lets a suspect go on serving after %s', (_, clear) => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.becomeReady();
    world.isHung = true;
    suspect(world);
    world.request();
    expect(world.granted).toBe(1);
    clear(world);
    world.advance(1000);
    expect(world).toMatchObject({ granted: 2, state: { phase: 'ready', suspicion: null } });
    // a new doubt starts from the beginning
    world.isHung = true;
    suspect(world);
    world.advance(1500);
    expect(world.state.phase).toBe('suspect');
  });

  it('does not let doubt and probes put off the end of an idle engine', () => {
    const world = new SimulatedWorld(limits);
    world.request();
    world.becomeReady();
    world.release(0);
    for (let second = 1; second < 10; second += 1) {
      world.advance(1000);
      suspect(world);
      expect(world.state.phase).toBe('ready');
    }
    world.advance(1000);
    expect(world.state).toMatchObject({ phase: 'stopping', stopReason: 'idle' });
  });

  it('arms no timer to lease a ready engine', () => {
    const ready = { ...initialState, phase: 'ready', generation: 1 } as const;
    const { effects } = reduce(ready, { type: 'request', ticket: 1, now: 0 }, limits);
    expect(effects).toEqual([{ type: 'grant', ticket: 1, isCold: false }]);
  });

  describe('an engine that goes on for callers who have left', () => {
    const oneSlot = { ...limits, maxLeases: 1, idleStopMs: null };

    function abandonOne(changes: Partial<InstanceLimits> = {}): SimulatedWorld {
      const world = new SimulatedWorld({ ...oneSlot, ...changes });
      world.request();
      world.becomeReady();
      world.advance(1000);
      world.release(0, true);
      return world;
    }
    const countAt = (world: SimulatedWorld, underWay: number, askedAt: number): void =>
      world.send({ type: 'work-counted', generation: 1, underWay, askedAt, now: world.nowMs });

    it('keeps their slot until its bound, and then serves who waits', () => {
      const world = abandonOne();
      world.request();
      expect(world).toMatchObject({ granted: 1, state: { leases: 0, abandoned: [1000] } });
      world.advance(19_999);
      expect(world.granted).toBe(1);
      world.advance(1);
      expect(world).toMatchObject({ granted: 2, state: { leases: 1, abandoned: [] } });
    });

    it('frees it earlier when the engine tells that it has nothing to do', () => {
      const world = abandonOne({ canCountWork: true });
      world.request();
      // asked before the request can have reached the engine, so this proves nothing
      countAt(world, 0, 1100);
      expect(world.granted).toBe(1);
      world.advance(500);
      countAt(world, 1, 1500);
      expect(world.granted).toBe(1);
      countAt(world, 0, 1500);
      expect(world).toMatchObject({ granted: 2, state: { abandoned: [] } });
    });

    it('takes what it tells for the most that can be left, whoever it is for', () => {
      const world = new SimulatedWorld({ ...oneSlot, maxLeases: 3, canCountWork: true });
      for (let each = 0; each < 3; each += 1) world.request();
      world.becomeReady();
      world.release(0, true);
      world.advance(100);
      world.release(0, true);
      world.advance(1000);
      countAt(world, 1, 1100);
      expect(world.state).toMatchObject({ leases: 1, abandoned: [100] });
    });

    it('asks for it every half second where it tells, and never where it does not', () => {
      const asked = (canCountWork: boolean): string[] => {
        const state = { ...initialState, phase: 'ready', generation: 1, abandoned: [0] } as const;
        const event = { type: 'timer', timer: 'abandoned', now: 500 } as const;
        return reduce(state, event, { ...oneSlot, canCountWork }).effects.map(({ type }) => type);
      };
      expect(asked(true)).toEqual(['count-work', 'arm']);
      expect(asked(false)).toEqual(['arm']);
    });

    it('is stopped at once although it works for them', () => {
      const world = abandonOne();
      world.send({ type: 'evicted', deadlineMs: null, now: world.nowMs });
      expect(world.state).toMatchObject({ phase: 'stopping', abandoned: [] });
    });

    it('does not sleep before that work is over', () => {
      const world = abandonOne({ idleStopMs: 10_000, canSleep: true });
      world.send({ type: 'nap', now: world.nowMs });
      world.advance(15_000);
      expect(world.state.phase).toBe('ready');
      world.advance(5000);
      expect(world.state.phase).toBe('sleeping');
    });

    it('counts nothing of an engine that stops when its caller leaves', () => {
      const world = abandonOne({ abandonedWorkMs: null });
      world.request();
      expect(world).toMatchObject({ granted: 2, state: { leases: 1, abandoned: [] } });
    });
  });
});
