import type { ErrorCode } from '#translation';
import type { Demand, Look, PassedOver } from '../../../routing/choose-target.js';
import type { PlannedTarget } from '../../../routing/plan-attempts.js';
import type { ReasonCode } from '../../../common/reason-codes.js';

/** One attempt under way. */
export interface Lane {
  /** Counted from 1. */
  readonly id: number;
  readonly target: PlannedTarget;
  /** Which try at this target it is, counted from 1. */
  readonly tries: number;
  /** Has its wait for a local model ended? True from the start for a provider. */
  readonly isReady: boolean;
}

/** How far a request has come: what its caller has been sent, what runs, and what is left. */
export interface Course {
  /** After anything was sent the upstream never changes. */
  readonly sent: 'nothing' | 'heartbeat' | 'answer';
  /** At most two: the second one is a hedge. */
  readonly running: readonly Lane[];
  /** Not tried yet, in order. */
  readonly rest: readonly PlannedTarget[];
  readonly laneCount: number;
  /** A context of so many tokens has proved too small. */
  readonly tooSmallTokens: number | null;
  readonly isOver: boolean;
}

export interface Failure {
  readonly code: ErrorCode;
  readonly mayTryNext: boolean;
  /** A kept-alive connection that the other side closed at the wrong moment. */
  readonly isStaleSocket: boolean;
}

/** All that can happen to a request on its way. Events of lanes that no longer run change nothing. */
export type CourseEvent =
  | { readonly type: 'begin' }
  /** The lane's local model can take it. */
  | { readonly type: 'ready'; readonly lane: number }
  /** The lane has something for the caller. */
  | { readonly type: 'first-byte'; readonly lane: number }
  /** The lane failed before its first byte. */
  | { readonly type: 'failed'; readonly lane: number; readonly failure: Failure }
  /** The lane has said all it had to say. */
  | { readonly type: 'ended'; readonly lane: number }
  /** A stream has been silent for as long as it may be. */
  | { readonly type: 'commit-due' }
  /** A local target has taken so long that another is asked as well. */
  | { readonly type: 'hedge-due' }
  | { readonly type: 'caller-gone' };

/** What is to be done, in this order, once the new course has been taken over. */
export type CourseEffect =
  | { readonly type: 'pass-over'; readonly passedOver: PassedOver }
  | { readonly type: 'start'; readonly lane: Lane; readonly maxWaitMs: number }
  /** `reason` is null when the caller has left. */
  | { readonly type: 'stop'; readonly lane: number; readonly reason: ReasonCode | null }
  /** Sends the head of a stream, and heartbeats until its first byte. */
  | { readonly type: 'open-stream'; readonly lane: number }
  /** No target is left: the caller gets the error. */
  | { readonly type: 'give-up' };

/** What the decisions depend on beside the course itself. */
export interface Conditions {
  readonly demand: Omit<Demand, 'tooSmallTokens'>;
  readonly look: Look;
  readonly mayHedge: boolean;
}

export interface Step {
  readonly course: Course;
  readonly effects: readonly CourseEffect[];
}

export function openCourse(targets: readonly PlannedTarget[]): Course {
  return {
    sent: 'nothing',
    running: [],
    rest: targets,
    laneCount: 0,
    tooSmallTokens: null,
    isOver: false,
  };
}
