/** How an engine process ended. */
export interface InstanceExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly reason: string;
  readonly lastLines: readonly string[];
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
  readonly requestsServed: number;
  readonly lastUsedAt: number | null;
  readonly rssBytes: number | null;
  readonly exit: InstanceExit | null;
}

export interface LogLine {
  readonly seq: number;
  readonly at: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}
