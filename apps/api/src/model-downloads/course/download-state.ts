/** One piece of work is under way in each of these, and in `stopping`. */
export type WorkPhase = 'resolving' | 'checking' | 'downloading' | 'verifying' | 'publishing';

/** `waiting` is the pause before another try; `stopping` lasts until the work under way has let go. */
export type DownloadPhase =
  'queued' | WorkPhase | 'waiting' | 'stopping' | 'paused' | 'cancelled' | 'failed' | 'done';

/** Why something went wrong. Plain data, so that states can be compared. */
export interface DownloadFailure {
  readonly code: string;
  /** What, and how to mend it. */
  readonly message: string;
  /**
   * `passing` may go well later, `lasting` cannot without somebody doing something, and with `damaged` the content
   * of a file was not what the hub says it is.
   */
  readonly kind: 'passing' | 'lasting' | 'damaged';
  /** How long the other side asks to wait, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/** The whole truth about one download. All times are monotonic milliseconds. */
export interface DownloadState {
  readonly phase: DownloadPhase;
  /** Counts pieces of work and waits; an answer to another one is stale. */
  readonly turn: number;
  /** Is it known which files are wanted? */
  readonly isResolved: boolean;
  /** Places in the list of files that are still to be fetched, as of the last check. */
  readonly missing: readonly number[];
  /** What becomes of it when the work under way has let go. */
  readonly stopFor: 'paused' | 'cancelled' | 'queued' | null;
  /** Passing failures since bytes last came. */
  readonly failureCount: number;
  /** Files that came with wrong content. */
  readonly damageCount: number;
  /** The last failure; null once it is overcome. */
  readonly failure: DownloadFailure | null;
  readonly retryAt: number | null;
}

export function openDownload(isResolved: boolean): DownloadState {
  return {
    phase: 'queued',
    turn: 0,
    isResolved,
    missing: [],
    stopFor: null,
    failureCount: 0,
    damageCount: 0,
    failure: null,
    retryAt: null,
  };
}

const workPhases: ReadonlySet<DownloadPhase> = new Set<WorkPhase>([
  'resolving',
  'checking',
  'downloading',
  'verifying',
  'publishing',
]);

export function isAtWork({ phase }: Pick<DownloadState, 'phase'>): boolean {
  return workPhases.has(phase);
}

export type Command = 'pause' | 'resume' | 'cancel';

/** Would the command change anything? */
export function mayCommand(command: Command, { phase, stopFor }: DownloadState): boolean {
  const isOver = phase === 'done' || phase === 'cancelled' || stopFor === 'cancelled';
  switch (command) {
    case 'pause':
      return !isOver && phase !== 'paused' && phase !== 'failed' && stopFor !== 'paused';
    case 'cancel':
      return !isOver;
    case 'resume':
      return (
        phase === 'paused' || phase === 'cancelled' || phase === 'failed' || stopFor === 'paused'
      );
  }
}
