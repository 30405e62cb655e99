/** Why something could not be had from the hub; the same words in the API and in the panel. */
export type HubErrorCode =
  | 'hub_unreachable'
  | 'hub_error'
  | 'address_refused'
  | 'redirect_refused'
  | 'token_refused'
  | 'gated'
  | 'not_found'
  | 'rate_limited'
  | 'bad_answer'
  | 'interrupted';

export interface HubErrorOptions {
  /** May the same request go well later, without anybody doing anything? */
  readonly isPassing?: boolean;
  /** How long the hub asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/** A failure at the hub. Its text is safe to show: it names neither addresses, queries nor headers. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly isPassing: boolean;
  readonly retryAfterMs: number | null;

  constructor(
    readonly code: HubErrorCode,
    message: string,
    { isPassing = false, retryAfterMs = null, cause }: HubErrorOptions = {},
  ) {
    super(message, { cause });
    this.isPassing = isPassing;
    this.retryAfterMs = retryAfterMs;
  }
}
