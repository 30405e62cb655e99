import { errorCodes, type ErrorCode, type ErrorRow } from './error-codes.js';

/** What goes with an error beside its message. */
export interface GatewayErrorOptions {
  /** JSON path of the offending field in the caller's request, e.g. `messages[3].content[1]`. */
  readonly path?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Status to show instead of the catalogue's, e.g. an upstream's own 4xx. */
  readonly status?: number | undefined;
  /** Safe to show to the caller: no secrets, no internal addresses. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>> | undefined;
  /** For the log only; never shown. */
  readonly cause?: unknown;
}

/**
 * The only error that crosses a module boundary. `message` is written for the caller: it says what was
 * wrong, where, and how to mend it, and never holds a secret or an internal address.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: ErrorCode;
  readonly path: string | null;
  readonly retryAfterMs: number | null;
  readonly status: number;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.path = options.path ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.status = options.status ?? errorCodes[code].status;
    this.details = options.details ?? {};
  }

  get row(): ErrorRow {
    return errorCodes[this.code];
  }
}
