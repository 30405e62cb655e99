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
  readonly lastLines: string[];
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
  readonly requestsServed: number;
  readonly lastUsedAt: number | null;
  readonly rssBytes: number | null;
  /** What all its processes take together, as last measured; null until then. */
  readonly footprintBytes: number | null;
  readonly exit: ExitView | null;
}

/**
 * `queued` waits for memory, `suspect` does not answer as it should and is being tried, `sleeping` gave its memory
 * back but keeps its process, `reclaiming` has ended and its memory is not back yet.
 */
export type ModelViewState =
  | 'cold'
  | 'queued'
  | 'starting'
  | 'ready'
  | 'suspect'
  | 'draining'
  | 'sleeping'
  | 'waking'
  | 'stopping'
  | 'reclaiming'
  | 'backoff'
  | 'quarantined'
  | 'unavailable';

/** One local model: `unavailable` means its program or file is missing, `reason` says what to do. */
export interface ModelView {
  readonly state: ModelViewState;
  readonly reason: string | null;
  /** The live instance, else null. */
  readonly instance: InstanceView | null;
}
