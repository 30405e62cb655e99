/** Name of the environment variable every engine process carries; its value is the instance id. */
export const MARKER_VARIABLE = 'SPILLWAY_INSTANCE';

/** A process that cannot be confused with a later one that got the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque start time: equal strings mean the same process within one boot. */
  readonly startTime: string;
}

/** A process as it was at the moment of the look. */
export interface ProcessEntry extends ProcessIdentity {
  readonly pgid: number;
  /** False for a zombie: it holds nothing any more and cannot be signalled away. */
  readonly isAlive: boolean;
}

/** A process with our marker in its environment: proof that it is an engine of ours, whoever is its parent now. */
export interface MarkedProcess extends ProcessEntry {
  readonly instanceId: string;
}

/**
 * What the operating system knows about its processes. One implementation per platform. Every method throws
 * when it cannot look, since "not seen" and "not there" must not be confused.
 */
export interface ProcessTable {
  /** Changes with every boot: start times of another boot prove nothing. */
  readonly bootId: string;
  /** The process with this pid right now, or null. Synchronous, so that a signal can follow at once. */
  read(pid: number): ProcessEntry | null;
  list(): ProcessEntry[];
  /** Processes whose environment carries a marker that starts with the prefix. Best effort: only our own user's. */
  marked(instanceIdPrefix: string): Promise<MarkedProcess[]>;
  /** Resident memory in bytes, or null where it cannot be read cheaply. Never throws. */
  residentBytes(pid: number): number | null;
  /**
   * Memory of these processes together, shared pages counted once where the system tells; null where nothing can be
   * read. Never rejects.
   */
  footprint(pids: readonly number[]): Promise<number | null>;
  /** CPU time these processes and their ended children have used, in seconds; null where none can be read. Never rejects. */
  cpuSeconds(pids: readonly number[]): Promise<number | null>;
  /** False where a footprint leaves out what a graphics processor uses. */
  readonly isFootprintWhole: boolean;
}

/** True when the pid still belongs to the very process that was recorded, dead-but-unreaped included. */
export function isSameProcess(table: ProcessTable, identity: ProcessIdentity): boolean {
  return table.read(identity.pid)?.startTime === identity.startTime;
}
