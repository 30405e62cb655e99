/** Why a local model could not be used. The gateway maps each code to one row of its error catalogue. */
export type ProcessErrorCode =
  | 'not-installed'
  | 'platform-unsupported'
  | 'model-missing'
  | 'start-failed'
  | 'start-timeout'
  | 'out-of-memory'
  | 'crashed'
  | 'queue-full'
  | 'cancelled'
  | 'wait-exceeded'
  | 'port-conflict'
  | 'backoff'
  | 'disabled'
  | 'paused'
  | 'shutting-down';

/** What goes with an error beside its message. */
export interface ProcessErrorDetails {
  /** Milliseconds after which another try makes sense; null when waiting alone does not help. */
  readonly retryAfterMs?: number | null;
  /** The engine's last output. For administrators: it may name paths of this machine. */
  readonly lastLines?: readonly string[];
  readonly cause?: unknown;
}

/** The only error that leaves the supervisor. Its message says what to do and is safe to show to callers. */
export class ProcessError extends Error {
  readonly code: ProcessErrorCode;
  readonly retryAfterMs: number | null;
  readonly lastLines: string[];

  constructor(code: ProcessErrorCode, message: string, details: ProcessErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ProcessError';
    this.code = code;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.lastLines = [...(details.lastLines ?? [])];
  }
}
