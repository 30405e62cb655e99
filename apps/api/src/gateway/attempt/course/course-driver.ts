import { estimateTokens, GatewayError } from '#translation';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Look, PassedOver } from '../../../routing/choose-target.js';
import type { PlannedTarget } from '../../../routing/plan-attempts.js';
import { sendWaitingHead } from '../../reply/send-answer.js';
import { AttemptLane } from '../attempt-lane.js';
import type { RequestJob } from '../attempt-job.js';
import { describeAttempts } from '../failure/describe-attempts.js';
import { mayTryNext } from '../failure/failover-policy.js';
import { added } from './added.js';
import { advanceCourse } from './advance-course.js';
import {
  openCourse,
  type Course,
  type CourseEffect,
  type CourseEvent,
  type Lane,
} from './course.js';
import { CourseTimers } from './course-timers.js';
import { Heartbeats } from './heartbeats.js';

/** How an attempt ended: the caller has its answer (whole or broken), nothing was sent, or it was ended from outside. */
export type LaneEnd =
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: GatewayError }
  | { readonly type: 'stopped' };

/** What the driver has others do. */
export interface CourseWork {
  readonly look: Look;
  /** Never rejects. */
  attempt(lane: AttemptLane): Promise<LaneEnd>;
  passOver(passedOver: PassedOver): void;
}

interface UnsettledAttempt {
  readonly id: number;
  readonly lane: AttemptLane;
  /** Resolves when its accounts are settled. */
  settled: Promise<void> | null;
}

/** How long an answer waits for the accounts of an attempt that it has beaten. */
const settleGraceMs = 100;

/** Carries out the course of one request: everything that happens becomes an event, and every decision is made elsewhere. */
export class CourseDriver {
  private course: Course = openCourse([]);
  /** Attempts that have not settled their accounts yet: at most two, so a list is enough. */
  private unsettled: readonly UnsettledAttempt[] = [];
  private readonly failures: GatewayError[] = [];
  private readonly timers = new CourseTimers();
  private readonly heartbeats: Heartbeats;
  private readonly promptTokens: number;
  private error: GatewayError | null = null;
  private resolve!: () => void;
  private reject!: (error: GatewayError) => void;

  constructor(
    private readonly request: RequestJob,
    private readonly work: CourseWork,
  ) {
    this.heartbeats = new Heartbeats(request.call);
    this.promptTokens = estimateTokens(request.size.bodyBytes);
  }

  /** Resolves when the caller has its answer. @throws GatewayError when it has none. */
  run(targets: readonly PlannedTarget[]): Promise<void> {
    const { reply } = this.request.call;
    const done = new Promise<void>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    reply.onInterrupt((interruption) => {
      if (interruption === 'caller left') this.dispatch({ type: 'caller-gone' });
      else for (const { lane } of this.unsettled) lane.stop(interruption, null);
    });
    this.course = openCourse(targets);
    this.dispatch({ type: 'begin' });
    if (reply.isGone) this.dispatch({ type: 'caller-gone' });
    return done;
  }

  private dispatch(event: CourseEvent): void {
    const { call, waiting, patienceMs } = this.request;
    const { course, effects } = advanceCourse(this.course, event, {
      look: this.work.look,
      mayHedge: waiting.hedgeAfterMs !== null,
      demand: {
        whenCold: waiting.whenCold,
        patienceMs: Math.max(0, patienceMs - call.record.elapsedMs(performance.now())),
        promptTokens: this.promptTokens,
      },
    });
    this.course = course;
    if (event.type === 'caller-gone')
      this.error ??= new GatewayError('request_cancelled', call.reply.departure);
    for (const effect of effects) this.carryOut(effect);
    this.finishIfOver();
  }

  private carryOut(effect: CourseEffect): void {
    switch (effect.type) {
      case 'pass-over':
        this.failures.push(effect.passedOver.error);
        this.work.passOver(effect.passedOver);
        break;
      case 'start':
        this.start(effect.lane, effect.maxWaitMs);
        break;
      case 'stop': {
        const stop = effect.reason === null ? 'caller left' : 'another answered';
        this.laneOf(effect.lane)?.stop(stop, effect.reason);
        break;
      }
      case 'open-stream':
        this.openStream(effect.lane);
        break;
      case 'give-up':
        this.error = describeAttempts(this.failures, this.request.call.record.attempts);
        break;
    }
  }

  private start({ id, target }: Lane, maxWaitMs: number): void {
    const lane = new AttemptLane(target, maxWaitMs, {
      onReady: () => this.dispatch({ type: 'ready', lane: id }),
      onFirstByte: () => {
        this.quieten();
        this.dispatch({ type: 'first-byte', lane: id });
        return this.othersSettled();
      },
    });
    const attempt: UnsettledAttempt = { id, lane, settled: null };
    this.unsettled = added(this.unsettled, attempt);
    this.armTimers(target);
    attempt.settled = this.work.attempt(lane).then((end) => this.onEnd(attempt, end));
  }

  private laneOf(id: number): AttemptLane | undefined {
    return this.unsettled.find((attempt) => attempt.id === id)?.lane;
  }

  private othersSettled(): Promise<void> | null {
    if (this.unsettled.length < 2) return null;
    const beaten = this.unsettled.filter(({ lane }) => lane.stopped === 'another answered');
    const settled = Promise.all(beaten.map(async (attempt) => attempt.settled)).then(
      () => undefined,
    );
    return Promise.race([settled, pause(settleGraceMs)]);
  }

  private onEnd(attempt: UnsettledAttempt, end: LaneEnd): void {
    const { id } = attempt;
    this.unsettled = this.unsettled.filter((other) => other !== attempt);
    if (end.type === 'ended') this.dispatch({ type: 'ended', lane: id });
    else if (end.type === 'stopped') this.finishIfOver();
    else {
      const { error } = end;
      const isStaleSocket =
        error.code === 'upstream_unreachable' && error.details['isStaleSocket'] === true;
      // one that was stopped has nothing to add to the story
      if (this.course.running.some((lane) => lane.id === id)) this.failures.push(error);
      const failure = { code: error.code, mayTryNext: mayTryNext(error), isStaleSocket };
      this.dispatch({ type: 'failed', lane: id, failure });
    }
  }

  /** A ready model needs no timers, except for a hedge. */
  private armTimers(target: PlannedTarget): void {
    if (target.kind !== 'local' || this.course.sent !== 'nothing') return;
    const { call, waiting } = this.request;
    if (waiting.hedgeAfterMs !== null && this.course.rest.length > 0)
      this.timers.arm('hedge', waiting.hedgeAfterMs, () => this.dispatch({ type: 'hedge-due' }));
    if (!call.record.isStream || this.work.look(target)?.isServingNow === true) return;
    const elapsedMs = call.record.elapsedMs(performance.now());
    this.timers.arm('commit', waiting.commitAfterMs - elapsedMs, () => this.onCommitDue());
  }

  /** A hedge that may still come, or runs, keeps the stream closed; so it is asked again later. */
  private onCommitDue(): void {
    this.dispatch({ type: 'commit-due' });
    if (this.course.sent !== 'nothing' || this.course.isOver) return;
    this.timers.arm('commit', Heartbeats.everyMs, () => this.onCommitDue());
  }

  private openStream(id: number): void {
    const lane = this.laneOf(id);
    if (lane === undefined) return;
    const { record } = this.request.call;
    record.served = lane.record;
    sendWaitingHead(this.request.call);
    this.heartbeats.start(() => this.work.look(lane.target));
  }

  private quieten(): void {
    this.timers.cancelAll();
    this.heartbeats.stop();
  }

  private finishIfOver(): void {
    if (!this.course.isOver) return;
    this.quieten();
    if (this.unsettled.length > 0) return;
    this.request.call.reply.onInterrupt(null);
    if (this.error === null) this.resolve();
    else this.reject(this.error);
  }
}
