/** How an engine process ended. */
export interface InstanceExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason: string;
  /** The reason in words. */
  readonly message: string;
  readonly lastLines: readonly string[];
}

/** What an engine tells of itself; null is what it does not tell. */
export interface InstanceFigures {
  readonly at: number;
  readonly requestsRunning: number | null;
  readonly requestsWaiting: number | null;
  /** From 0 to 1. */
  readonly kvCacheUsage: number | null;
  readonly promptTokens: number | null;
  readonly generatedTokens: number | null;
  readonly promptTokensPerSecond: number | null;
  readonly generatedTokensPerSecond: number | null;
  readonly modelBytes: number | null;
  readonly modelGpuBytes: number | null;
}

/** One row of `/api/instances`: a running or recently ended engine process. */
export interface Instance {
  readonly id: string;
  readonly localModelId: string;
  readonly localModelName: string;
  readonly engine: string;
  readonly state: string;
  readonly pid: number | null;
  readonly origin: string | null;
  readonly startedAt: number;
  readonly readyAt: number | null;
  readonly endedAt: number | null;
  readonly leases: number;
  /** Requests it may still be working on although their callers have left. */
  readonly abandoned: number;
  readonly requestsServed: number;
  readonly lastUsedAt: number | null;
  /** Of the first process alone; `footprintBytes` is that of all of them. */
  readonly rssBytes: number | null;
  readonly footprintBytes: number | null;
  /** 100 for each core kept busy. */
  readonly cpuPercent: number | null;
  readonly gpuBytes: number | null;
  readonly figures: InstanceFigures | null;
  /** Why it gets no new requests for the moment. */
  readonly suspicion: { readonly message: string; readonly since: number } | null;
  readonly provenAt: number | null;
  readonly exit: InstanceExit | null;
}

export interface LogLine {
  readonly seq: number;
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Lines that are no longer kept; `seq` is the number of the last of them. */
export interface LogGap {
  readonly seq: number;
  readonly missed: number;
}

export type LogEntry = LogLine | LogGap;

/** One page of `/api/instances/:id/logs`. */
export interface LogPage {
  /** Number of the oldest line that is kept. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lines: readonly LogLine[];
}
