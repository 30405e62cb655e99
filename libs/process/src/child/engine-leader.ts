import type { ProcessIdentity } from '../process-table/process-table.js';

/** How a process ended: one of the three is set, or none where nobody can know (it was not our child). */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why the operating system refused to start it (ENOENT, EACCES, ENOEXEC…), else null. */
  readonly spawnError: NodeJS.ErrnoException | null;
}

/** The first process of an engine, whoever's child it is. */
export interface EngineLeader {
  /** Null for a program that could not be started. */
  readonly identity: ProcessIdentity | null;
  /** Monotonic milliseconds of the last byte the engine wrote, progress lines included. */
  readonly lastOutputMs: number;
  /** Resolves when everything the engine wrote has been read, at the latest a moment after its end. */
  readonly drained: Promise<void>;
  /**
   * Calls the listener once when the leader has ended. `isFresh` tells that this is the very turn in which the system
   * reports it, so that its group number is still certain to be its own. To be called at once, and only once.
   */
  onExit(listener: (exit: ProcessExit, isFresh: boolean) => void): void;
}
