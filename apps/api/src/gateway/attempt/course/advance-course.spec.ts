import type { ModelOutlook } from '#process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedTarget } from '../../../routing/plan-attempts.js';
import { whenColdChoices } from '../../../routes/when-cold.js';
import { advanceCourse } from './advance-course.js';
import {
  openCourse,
  type Conditions,
  type Course,
  type CourseEffect,
  type CourseEvent,
} from './course.js';

const outlook = fc.record({
  state: fc.constantFrom<ModelOutlook['state'][]>(
    'cold',
    'starting',
    'ready',
    'backoff',
    'quarantined',
  ),
  isServingNow: fc.boolean(),
  predictedWaitMs: fc.option(fc.nat(100)),
  progress: fc.constant(null),
  unavailable: fc.option(
    fc.record({
      code: fc.constantFrom(
        'queue_full' as const,
        'quarantined' as const,
        'not_installed' as const,
      ),
      message: fc.constant('It cannot.'),
      retryAfterMs: fc.option(fc.nat(100)),
    }),
  ),
});
const target = fc.record({
  kind: fc.constantFrom('local' as const, 'provider' as const),
  label: fc.constant('t'),
  upstreamModel: fc.constant('m'),
  spec: fc.record({ contextTokens: fc.option(fc.integer({ min: 1, max: 50 })) }),
  outlook,
});
type Drawn = typeof target extends fc.Arbitrary<infer T> ? T : never;

const look = (each: PlannedTarget): ModelOutlook | null =>
  each.kind === 'local' ? (each as unknown as Drawn).outlook : null;
const lane = fc.integer({ min: 1, max: 6 });
const failure = fc.record({
  code: fc.constantFrom(
    'upstream_error' as const,
    'engine_crashed' as const,
    'upstream_unreachable' as const,
    'context_length_exceeded' as const,
    'invalid_request' as const,
  ),
  mayTryNext: fc.boolean(),
  isStaleSocket: fc.boolean(),
});
const event: fc.Arbitrary<CourseEvent> = fc.oneof(
  fc.record({ type: fc.constant('ready' as const), lane }),
  fc.record({ type: fc.constant('first-byte' as const), lane }),
  fc.record({ type: fc.constant('failed' as const), lane, failure }),
  fc.record({ type: fc.constant('commit-due' as const) }),
  fc.record({ type: fc.constant('hedge-due' as const) }),
  fc.record({ type: fc.constant('caller-gone' as const) }),
);
const conditions = fc.record({
  mayHedge: fc.boolean(),
  whenCold: fc.constantFrom(...whenColdChoices),
  patienceMs: fc.nat(100),
  promptTokens: fc.nat(60),
});

interface Run {
  readonly courses: readonly Course[];
  readonly steps: readonly {
    readonly event: CourseEvent;
    readonly effects: readonly CourseEffect[];
  }[];
}

function run(
  targets: readonly Drawn[],
  { mayHedge, ...demand }: { mayHedge: boolean } & Conditions['demand'],
  events: readonly CourseEvent[],
): Run {
  const courses = [openCourse(targets as unknown as PlannedTarget[])];
  const steps: { event: CourseEvent; effects: readonly CourseEffect[] }[] = [];
  for (const each of [{ type: 'begin' } as const, ...events]) {
    const last = courses.at(-1);
    if (last === undefined) break;
    const step = advanceCourse(last, each, { demand, look, mayHedge });
    courses.push(step.course);
    steps.push({ event: each, effects: step.effects });
  }
  return { courses, steps };
}

const runs = fc
  .tuple(
    fc.array(target, { minLength: 1, maxLength: 5 }),
    conditions,
    fc.array(event, { maxLength: 25 }),
  )
  .map(([targets, given, events]) => ({ targets, ...run(targets, given, events) }));
const all = (steps: Run['steps']): readonly CourseEffect[] =>
  steps.flatMap(({ effects }) => effects);

describe('the course of a request', () => {
  it('runs at most two attempts at once, the first of which is local, and holds each effect to a lane that runs', () => {
    fc.assert(
      fc.property(runs, ({ courses, steps }) => {
        const open = new Set<number>();
        for (const { event: cause, effects } of steps) {
          if (cause.type === 'failed') open.delete(cause.lane);
          for (const effect of effects) {
            if (effect.type === 'start') {
              expect(open.has(effect.lane.id)).toBe(false);
              open.add(effect.lane.id);
            }
            if (effect.type === 'stop') expect(open.delete(effect.lane)).toBe(true);
            if (effect.type === 'open-stream') expect(open).toContain(effect.lane);
          }
        }
        for (const { running } of courses) {
          expect(running.length).toBeLessThanOrEqual(2);
          if (running.length === 2) expect(running[0]?.target.kind).toBe('local');
        }
      }),
    );
  });

  it('never starts anything once the caller was sent a byte, has left, or was given up on', () => {
    fc.assert(
      fc.property(runs, ({ courses, steps }) => {
        steps.forEach(({ effects }, index) => {
          const before = courses[index];
          if (before === undefined) return;
          const isClosed = before.sent !== 'nothing' || before.isOver;
          const types = effects.map(({ type }) => type);
          if (isClosed) expect(types).not.toContain('start');
          if (isClosed) expect(types).not.toContain('open-stream');
          if (before.isOver) expect(types).toEqual([]);
        });
      }),
    );
  });

  it('gives up once at most, and only when nothing runs', () => {
    fc.assert(
      fc.property(runs, ({ courses, steps }) => {
        expect(all(steps).filter(({ type }) => type === 'give-up').length).toBeLessThanOrEqual(1);
        steps.forEach(({ effects }, index) => {
          if (effects.some(({ type }) => type === 'give-up'))
            expect(courses[index + 1]).toMatchObject({ running: [], isOver: true });
        });
        // and never falls asleep: as long as it is not over, something runs
        for (const { isOver, running } of courses.slice(1))
          if (!isOver) expect(running.length).toBeGreaterThan(0);
      }),
    );
  });

  it('tries each target twice at most, and comes back only to one it passed over as cold', () => {
    fc.assert(
      fc.property(runs, ({ targets, steps }) => {
        for (const each of targets) {
          const mine = all(steps).flatMap((effect) => {
            if (effect.type === 'start' && effect.lane.target === (each as unknown)) return 'start';
            if (effect.type === 'pass-over' && effect.passedOver.target === (each as unknown))
              return effect.passedOver.reason;
            return [];
          });
          expect(mine.filter((word) => word === 'start').length).toBeLessThanOrEqual(2);
          const passed = mine.filter((word) => word !== 'start');
          expect(passed.length).toBeLessThanOrEqual(2);
          if (passed.length > 0 && mine.includes('start')) expect(passed[0]).toBe('cold');
        }
      }),
    );
  });

  it('stops everything the moment the caller leaves', () => {
    fc.assert(
      fc.property(runs, ({ courses, steps }) => {
        steps.forEach(({ event: cause, effects }, index) => {
          const before = courses[index];
          if (cause.type !== 'caller-gone' || before === undefined || before.isOver) return;
          expect(effects).toEqual(
            before.running.map(({ id }) => ({ type: 'stop', lane: id, reason: null })),
          );
        });
      }),
    );
  });
});
