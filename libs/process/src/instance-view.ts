import type { InstancePhase } from './instance/lifecycle/instance-state.js';
import type { SuspicionCause } from './health/suspicion.js';
import type { EngineReading } from './metrics/engine-reading.js';
import type { EngineId } from './local-model-spec.js';

/** What one engine process is doing; `stopped` and `failed` are ended ones. */
export type InstanceViewState =
  | 'starting'
  | 'ready'
  | 'suspect'
  | 'draining'
  | 'sleeping'
  | 'waking'
  | 'stopping'
  | 'stopped'
  | 'failed';

export interface ExitView {
  readonly code: number | null;
  readonly signal: string | null;
  /** A short stable word: `idle`, `stopped`, `out-of-memory`, `crashed`, `port-taken`… */
  readonly reason: string;
  /** The same in words, with what can be done about it. */
  readonly message: string;
  readonly lastLines: string[];
}

/** Why an engine gets no new requests for the moment. */
export interface SuspicionView {
  readonly cause: SuspicionCause;
  readonly message: string;
  readonly since: number;
}

/** One running or recently ended engine, as the panel shows it. Times are epoch milliseconds. */
export interface InstanceView {
  readonly id: string;
  readonly localModelId: string;
  readonly localModelName: string;
  readonly engine: EngineId;
  readonly state: InstanceViewState;
  readonly pid: number | null;
  /** `http://127.0.0.1:port`, or `unix:/path` of a socket; null until it is known. */
  readonly origin: string | null;
  /** True when an earlier gateway started it and this one goes on with it. */
  readonly isAdopted: boolean;
  readonly startedAt: number;
  readonly readyAt: number | null;
  readonly endedAt: number | null;
  readonly leases: number;
  /** Requests it may still be working on although their callers have left; they keep their slots. */
  readonly abandoned: number;
  readonly requestsServed: number;
  readonly lastUsedAt: number | null;
  readonly rssBytes: number | null;
  /** What all its processes take together, as last measured; null until then. */
  readonly footprintBytes: number | null;
  /** CPU time of all its processes as last measured, 100 for each core kept busy; null until then. */
  readonly cpuPercent: number | null;
  /** Graphics memory of all its processes; null where that is not known. */
  readonly gpuBytes: number | null;
  /** What it told of itself last; null for engines that tell nothing, and for ended ones. */
  readonly figures: EngineReading | null;
  /** Why it is doubted; null while it is not. */
  readonly suspicion: SuspicionView | null;
  /** When it last proved that it works: by a whole answer, or by a token for a probe. */
  readonly provenAt: number | null;
  readonly exit: ExitView | null;
}

/**
 * `queued` waits for memory, `suspect` does not answer as it should and is being tried, `sleeping` gave its memory
 * back but keeps its process, `reclaiming` has ended and its memory is not back yet.
 */
export type ModelViewState = InstancePhase;

/** One local model: `unavailable` means its program or file is missing, `reason` says what to do. */
export interface ModelView {
  readonly state: ModelViewState;
  readonly reason: string | null;
  /** The live instance, else null. */
  readonly instance: InstanceView | null;
}
