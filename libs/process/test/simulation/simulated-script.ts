import type { PoolBytes } from '../../src/memory/pool-bytes.js';

/** How a simulated engine behaves. All times are in milliseconds. */
export interface SimulatedScript {
  /** What it takes, for each place it may go to. */
  readonly options: readonly PoolBytes[];
  readonly loadMs: number;
  readonly endMs: number;
  /** Null: the memory never comes back by itself. */
  readonly reclaimMs: number | null;
  readonly group: string | null;
  readonly minResidencyMs: number | null;
  readonly evictBusyAfterMs: number | null;
}

/** How the next start of an engine goes. */
export type StartOutcome = 'ready' | 'slow' | 'fails' | 'fails-for-good' | 'out-of-memory';

export interface SimulatedTicket {
  readonly id: number;
  readonly bornMs: number;
  readonly deadlineMs: number;
  readonly serviceMs: number;
  readonly cancelDeadline: () => void;
}
