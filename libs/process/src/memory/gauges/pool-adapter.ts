import type { Environment } from '../../child/child-environment.js';
import type { Clock } from '../../clock.js';
import type { MemoryPool } from '../memory-pool.js';

/** One measured pool: what is free, and what each process takes of it. */
export interface PoolReading {
  readonly freeBytes: number | null;
  /** By pid; null where that is not told. */
  readonly usedByPid: ReadonlyMap<number, number> | null;
}

/** One kind of memory of this machine. Cards are numbered over all adapters, so names are given later. */
export interface PoolAdapter {
  readonly pools: readonly Omit<MemoryPool, 'name'>[];
  /** The name of main memory; null for an adapter of cards. */
  readonly mainName: string | null;
  /** Measures again; null where the last reading is recent enough. Absent where reading measures. */
  refresh?(): Promise<void> | null;
  /** As last measured, in the order of `pools`. */
  read(): readonly PoolReading[];
}

/** What an adapter may look at. */
export interface MachineFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly environment: Environment;
  readonly clock: Clock;
}

/** Looks for one kind of memory; null where the machine has none of it. */
export type OpenPoolAdapter = (machine: MachineFacts) => Promise<PoolAdapter | null>;
