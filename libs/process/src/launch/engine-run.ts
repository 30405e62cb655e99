import type { PoolBytes } from '../memory/pool-bytes.js';
import type { InstanceFailure } from '../instance/lifecycle/instance-state.js';

/** One engine of one generation, whether we run it or somebody else does. */
export interface EngineRun {
  readonly pid: number | null;
  /** Null until it is known. */
  readonly origin: string | null;
  /** The model name to send; null until the engine proved who it is. */
  readonly servedModel: string | null;
  /** What its processes take, and took at most; null where that is not measured. */
  readonly footprint: PoolBytes | null;
  readonly peakFootprint: PoolBytes | null;
  /** CPU time of all its processes, 100 for each core kept busy; null where that is not measured. */
  readonly cpuPercent: number | null;
  /** Measures it now. */
  measure(): Promise<PoolBytes | null>;
  readonly exitStatus: { readonly code: number | null; readonly signal: string | null } | null;
  /** Resolves with null when the engine is ready, else with the reason. Never rejects. */
  start(signal: AbortSignal): Promise<InstanceFailure | null>;
  /** Ends it; resolves with the pids that could not be ended. `graceMs` 0 hurries an ending under way. */
  end(graceMs: number): Promise<number[]>;
  /** Called for each process that was started (once for an engine somebody else runs). */
  onSpawn: () => void;
  /** Called with the share of the load that is done, from 0 to 1, for engines that tell. */
  onProgress: (share: number) => void;
  /** Called once when a ready engine ends by itself. */
  onDeath: (failure: InstanceFailure) => void;
}
