import type { SuspicionCause } from '../../health/suspicion.js';
import type { InstanceFailure, TimerName } from './instance-state.js';

/**
 * Everything that can happen to a local model. Events of a generation that is over are dropped before they get
 * here. `now` is in monotonic milliseconds; `jitter` is a random number in [0, 1).
 */
export type InstanceEvent =
  | { readonly type: 'request'; readonly ticket: number; readonly now: number }
  /** The client left or its patience ended. */
  | { readonly type: 'ticket-left'; readonly ticket: number; readonly now: number }
  | { readonly type: 'start'; readonly now: number }
  /** A patient stop waits for those being served however long they take. */
  | {
      readonly type: 'stop';
      readonly isForced: boolean;
      readonly isPatient?: boolean;
      readonly now: number;
    }
  /** A person wants an idle engine to give its memory back and keep its process. */
  | { readonly type: 'nap'; readonly now: number }
  | { readonly type: 'paused'; readonly isPaused: boolean; readonly now: number }
  | { readonly type: 'pinned'; readonly isPinned: boolean; readonly now: number }
  /** The arbiter reserved the memory that was asked for. */
  | { readonly type: 'permitted'; readonly generation: number; readonly now: number }
  /** The arbiter cannot ever reserve it as things are; `failure` says why. */
  | {
      readonly type: 'refused';
      readonly generation: number;
      readonly failure: InstanceFailure;
      readonly now: number;
    }
  /** Another model was promised the memory; busy models are cut after `deadlineMs`, null means never. */
  | { readonly type: 'evicted'; readonly deadlineMs: number | null; readonly now: number }
  /** Nobody needs the memory any more. */
  | { readonly type: 'reprieved'; readonly now: number }
  /** Share of the load that is done, from 0 to 1, or null where the engine does not tell. */
  | { readonly type: 'progressed'; readonly generation: number; readonly share: number }
  | { readonly type: 'became-ready'; readonly generation: number; readonly now: number }
  /** The engine could not start, or ended by itself. */
  | {
      readonly type: 'failed';
      readonly generation: number;
      readonly failure: InstanceFailure;
      readonly now: number;
    }
  /** A stream stalled or a probe failed. */
  | { readonly type: 'suspected'; readonly generation: number; readonly cause: SuspicionCause }
  /** A probe or a caller got a good answer, or the probe of a suspect failed with this. */
  | {
      readonly type: 'probed';
      readonly generation: number;
      readonly failure: InstanceFailure | null;
      readonly now: number;
    }
  /** The engine told at `askedAt` how many requests it had under way. */
  | {
      readonly type: 'work-counted';
      readonly generation: number;
      readonly underWay: number;
      readonly askedAt: number;
      readonly now: number;
    }
  /** A sleeping engine serves again. */
  | { readonly type: 'woken'; readonly generation: number; readonly now: number }
  /** No process of the generation is left. */
  | {
      readonly type: 'gone';
      readonly generation: number;
      readonly jitter: number;
      readonly now: number;
    }
  /** The operating system has the memory back. */
  | { readonly type: 'reclaimed'; readonly generation: number; readonly now: number }
  | {
      readonly type: 'lease-released';
      readonly generation: number;
      /** It was given up before the engine had ended its answer. */
      readonly isAbandoned: boolean;
      readonly now: number;
    }
  | { readonly type: 'timer'; readonly timer: TimerName; readonly now: number }
  | { readonly type: 'reconfigured'; readonly isLaunchChanged: boolean; readonly now: number }
  | { readonly type: 'shut-down'; readonly now: number }
  | { readonly type: 'reopened'; readonly now?: number };

/** The event with this `type`. */
export type EventOf<Type extends InstanceEvent['type']> = Extract<InstanceEvent, { type: Type }>;

/** What a person wants of a model and does not wait for. */
export type ModelOrder = OrderOf<'stop' | 'nap' | 'paused' | 'pinned' | 'reopened'>;

/** Without the time, which is that of its arrival. */
type OrderOf<Type extends InstanceEvent['type']> = Type extends unknown
  ? Omit<EventOf<Type>, 'now'>
  : never;
