import {
  chooseTarget,
  contextOf,
  isImmediate,
  type Demand,
} from '../../../routing/choose-target.js';
import type { PlannedTarget } from '../../../routing/plan-attempts.js';
import { added } from './added.js';
import type {
  Conditions,
  Course,
  CourseEffect,
  CourseEvent,
  Failure,
  Lane,
  Step,
} from './course.js';

/** What failed through no fault of the target's own is worth one more try there. */
const maxTries = 2;

/**
 * Decides what becomes of a request when something happens to it. Pure: the same course, event and conditions give the
 * same step.
 */
export function advanceCourse(course: Course, event: CourseEvent, conditions: Conditions): Step {
  if (course.isOver && event.type !== 'ended') return unchanged(course);
  switch (event.type) {
    case 'begin':
      return startNext(course, conditions);
    case 'ready':
      return onReady(course, event.lane);
    case 'first-byte':
      return onFirstByte(course, event.lane);
    case 'failed':
      return onFailure(course, event.lane, event.failure, conditions);
    case 'ended':
      return unchanged(changed(course, { running: without(course, event.lane), isOver: true }));
    case 'commit-due':
      return onCommitDue(course, conditions);
    case 'hedge-due':
      return onHedgeDue(course, conditions);
    case 'caller-gone':
      return {
        course: changed(course, { running: [], rest: [], isOver: true }),
        effects: course.running.map(({ id }) => ({ type: 'stop', lane: id, reason: null })),
      };
  }
}

const noEffects: readonly CourseEffect[] = [];

function unchanged(course: Course): Step {
  return { course, effects: noEffects };
}

/** Written out: V8 takes a slow path for a spread followed by a property it has already, at every event of a request. */
function changed(course: Course, changes: Partial<Course>): Course {
  const { tooSmallTokens } = changes;
  return {
    sent: changes.sent ?? course.sent,
    running: changes.running ?? course.running,
    rest: changes.rest ?? course.rest,
    laneCount: changes.laneCount ?? course.laneCount,
    tooSmallTokens: tooSmallTokens === undefined ? course.tooSmallTokens : tooSmallTokens,
    isOver: changes.isOver ?? course.isOver,
  };
}

function without({ running }: Course, lane: number): readonly Lane[] {
  return running.filter(({ id }) => id !== lane);
}

function demandOf({ tooSmallTokens }: Course, demand: Conditions['demand']): Demand {
  const { whenCold, patienceMs, promptTokens } = demand;
  return { whenCold, patienceMs, promptTokens, tooSmallTokens };
}

function startNext(course: Course, { demand, look }: Conditions): Step {
  const { passedOver, chosen, rest } = chooseTarget(course.rest, demandOf(course, demand), look);
  const skips = passedOver.map((each) => ({ type: 'pass-over', passedOver: each }) as const);
  if (chosen === null) {
    const over = changed(course, { rest, isOver: true });
    return { course: over, effects: [...skips, { type: 'give-up' }] };
  }
  const step = start(changed(course, { rest }), chosen.target, 1, chosen.maxWaitMs);
  if (skips.length === 0) return step;
  return { course: step.course, effects: [...skips, ...step.effects] };
}

function start(course: Course, target: PlannedTarget, tries: number, maxWaitMs: number): Step {
  const id = course.laneCount + 1;
  const lane: Lane = { id, target, tries, isReady: target.kind === 'provider' };
  return {
    course: changed(course, { laneCount: id, running: added(course.running, lane) }),
    effects: [{ type: 'start', lane, maxWaitMs }],
  };
}

function onReady(course: Course, id: number): Step {
  const { running } = course;
  // a provider's lane was ready from the start
  if (!running.some((lane) => lane.id === id && !lane.isReady)) return unchanged(course);
  const ready = ({ target, tries }: Lane): Lane => ({ id, target, tries, isReady: true });
  return unchanged(
    changed(course, { running: running.map((lane) => (lane.id === id ? ready(lane) : lane)) }),
  );
}

/** The first to speak is the one that is heard; the other one is stopped before it costs more. */
function onFirstByte(course: Course, winner: number): Step {
  const lane = course.running.find(({ id }) => id === winner);
  if (lane === undefined) return unchanged(course);
  return {
    course: changed(course, { sent: 'answer', running: [lane], rest: [] }),
    effects: without(course, winner).map(({ id }) => ({
      type: 'stop',
      lane: id,
      // the hedge is the later one
      reason: id < winner ? 'slo_ttft' : 'hedge_lost',
    })),
  };
}

function onFailure(course: Course, id: number, failure: Failure, conditions: Conditions): Step {
  const lane = course.running.find((each) => each.id === id);
  if (lane === undefined) return unchanged(course);
  const left = changed(course, {
    running: without(course, id),
    tooSmallTokens:
      failure.code === 'context_length_exceeded'
        ? Math.max(course.tooSmallTokens ?? 0, contextOf(lane.target) ?? 0) || null
        : course.tooSmallTokens,
  });
  if (left.running.length > 0) return unchanged(left);
  const mayGoOn = left.sent === 'nothing' && failure.mayTryNext;
  if (!mayGoOn)
    return { course: changed(left, { rest: [], isOver: true }), effects: [{ type: 'give-up' }] };
  return mayRepeat(lane, failure, conditions)
    ? start(left, lane.target, lane.tries + 1, conditions.demand.patienceMs)
    : startNext(left, conditions);
}

/** A stale socket says nothing about the target; an engine that died is asked again if it is back in time. */
function mayRepeat(
  { target, tries }: Lane,
  failure: Failure,
  { demand, look }: Conditions,
): boolean {
  if (tries >= maxTries) return false;
  if (failure.isStaleSocket) return true;
  const outlook = look(target);
  if (outlook === null || !restartable.has(failure.code)) return false;
  const { unavailable, isServingNow, predictedWaitMs } = outlook;
  if (unavailable !== null) return false;
  return isServingNow || (predictedWaitMs !== null && predictedWaitMs <= demand.patienceMs);
}

const restartable: ReadonlySet<string> = new Set(['engine_crashed', 'upstream_stream_interrupted']);

/** Who still waits for a model is told so; from then on no other target can serve it. */
function onCommitDue(course: Course, { mayHedge }: Conditions): Step {
  const [lane, second] = course.running;
  const isHedgePossible = mayHedge && course.rest.length > 0;
  if (course.sent !== 'nothing' || lane === undefined || second !== undefined)
    return unchanged(course);
  if (lane.isReady || isHedgePossible) return unchanged(course);
  return {
    course: changed(course, { sent: 'heartbeat', rest: [] }),
    effects: [{ type: 'open-stream', lane: lane.id }],
  };
}

/** Another target that can begin at once is asked beside a local one. */
function onHedgeDue(course: Course, { mayHedge, demand, look }: Conditions): Step {
  const [lane, second] = course.running;
  if (
    !mayHedge ||
    course.sent !== 'nothing' ||
    lane?.target.kind !== 'local' ||
    second !== undefined
  )
    return unchanged(course);
  const asked = demandOf(course, demand);
  const hedge = course.rest.find((target) => isImmediate(target, asked, look));
  if (hedge === undefined) return unchanged(course);
  const rest = course.rest.filter((target) => target !== hedge);
  return start(changed(course, { rest }), hedge, 1, demand.patienceMs);
}
