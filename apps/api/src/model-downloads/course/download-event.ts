import type { Command, DownloadFailure, DownloadState, WorkPhase } from './download-state.js';

/** All that can happen to a download. What carries a `turn` is an answer; one to another turn changes nothing. */
export type DownloadEvent =
  /** It is its turn: at most one download is at work. */
  | { readonly type: 'admitted' }
  | { readonly type: Command }
  /** The gateway stops; the download goes on when it starts again. */
  | { readonly type: 'shut-down' }
  | { readonly type: 'resolved'; readonly turn: number }
  /** There is room for the files at these places, which are missing. */
  | { readonly type: 'checked'; readonly turn: number; readonly missing: readonly number[] }
  /** Bytes came. */
  | { readonly type: 'progressed'; readonly turn: number }
  | { readonly type: 'downloaded'; readonly turn: number }
  /** The content is what the hub says, and lies in its place. */
  | { readonly type: 'verified'; readonly turn: number }
  | { readonly type: 'published'; readonly turn: number }
  /** `jitter` is a random number in [0, 1). */
  | {
      readonly type: 'failed';
      readonly turn: number;
      readonly failure: DownloadFailure;
      readonly now: number;
      readonly jitter: number;
    }
  /** The work let go because it was told to. */
  | { readonly type: 'stopped'; readonly turn: number }
  /** The pause before another try is over. */
  | { readonly type: 'due'; readonly turn: number };

/** What is to be done, in this order, once the new state has been taken over. */
export type DownloadEffect =
  /** Wait for a turn; answered by `admitted`. */
  | { readonly type: 'enqueue' }
  /** Give the turn back, or stop waiting for one. */
  | { readonly type: 'leave' }
  /** Answered by the phase's own event, by `failed` or by `stopped`. `file` is a place in the list of files. */
  | {
      readonly type: 'work';
      readonly phase: WorkPhase;
      readonly turn: number;
      readonly file: number | null;
    }
  /** Tell the work under way to let go; answered by `stopped` or by whatever comes first. */
  | { readonly type: 'abort'; readonly turn: number }
  /** Answered by `due`. */
  | { readonly type: 'arm'; readonly turn: number; readonly delayMs: number }
  | { readonly type: 'disarm' }
  /** Remove what came of files that are not complete. */
  | { readonly type: 'discard' };

/** The answer to one event. */
export interface DownloadStep {
  readonly state: DownloadState;
  readonly effects: readonly DownloadEffect[];
}
