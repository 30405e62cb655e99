/**
 * The one catalogue of everything that can go wrong. A row decides all the rest: the HTTP status, who is at
 * fault, whether another target may be tried, and the error type in each client dialect. `docs/errors.md`
 * explains every code to users; a test keeps both lists equal.
 */

export type ErrorOrigin = 'client' | 'gateway' | 'upstream' | 'engine';

/** What one code decides. */
export interface ErrorRow {
  readonly status: number;
  readonly origin: ErrorOrigin;
  /** May the same request succeed later without a change? Becomes `x-should-retry`. */
  readonly isRetryable: boolean;
  /** May the next target be tried, as long as no byte reached the client? */
  readonly mayFailOver: boolean;
  readonly openaiType: string;
  readonly anthropicType: string;
  /** Google's word for the kind of failure. https://cloud.google.com/apis/design/errors#error_model */
  readonly geminiStatus: string;
  /** Anthropic clients expect 529 where others expect 503. */
  readonly anthropicStatus?: number;
}

const geminiStatuses: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  402: 'RESOURCE_EXHAUSTED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  502: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};
const geminiStatus = (status: number): string => geminiStatuses[status] ?? 'INVALID_ARGUMENT';

const client = (
  status: number,
  openaiType = 'invalid_request_error',
  anthropicType = 'invalid_request_error',
): ErrorRow => ({
  status,
  origin: 'client',
  isRetryable: false,
  mayFailOver: false,
  openaiType,
  anthropicType,
  geminiStatus: geminiStatus(status),
});

const upstream = (status: number, anthropicType = 'api_error', isRetryable = true): ErrorRow => ({
  status,
  origin: 'upstream',
  isRetryable,
  mayFailOver: true,
  openaiType: 'server_error',
  anthropicType,
  geminiStatus: geminiStatus(status),
});

const engine = (status: number, isRetryable = true): ErrorRow => ({
  status,
  origin: 'engine',
  isRetryable,
  mayFailOver: true,
  openaiType: 'server_error',
  anthropicType: 'api_error',
  geminiStatus: geminiStatus(status),
});

/** Codes are public and stable: callers, logs and metrics name them. */
export const errorCodes = {
  invalid_request: client(400),
  unsupported_parameter: client(400),
  unsupported_by_target: { ...client(400), mayFailOver: true },
  previous_response_not_found: { ...client(400), mayFailOver: true },
  context_length_exceeded: { ...client(400), mayFailOver: true },
  request_too_large: client(413, 'invalid_request_error', 'request_too_large'),
  unsupported_media_type: client(415),
  not_found: client(404, 'invalid_request_error', 'not_found_error'),
  method_not_allowed: client(405),
  model_not_found: client(404, 'invalid_request_error', 'not_found_error'),
  conflict: client(409, 'invalid_request_error', 'conflict_error'),
  request_timeout: client(408, 'invalid_request_error', 'timeout_error'),
  request_cancelled: client(499),
  host_not_allowed: client(403, 'invalid_request_error', 'permission_error'),

  authentication_failed: client(401, 'invalid_request_error', 'authentication_error'),
  key_in_url: client(400),
  key_disabled: client(401, 'invalid_request_error', 'authentication_error'),
  key_expired: client(401, 'invalid_request_error', 'authentication_error'),
  setup_required: client(401, 'invalid_request_error', 'authentication_error'),
  permission_denied: client(403, 'invalid_request_error', 'permission_error'),
  model_not_allowed: client(404, 'invalid_request_error', 'not_found_error'),
  rate_limited: { ...client(429, 'rate_limit_error', 'rate_limit_error'), isRetryable: true },
  concurrency_limited: {
    ...client(429, 'rate_limit_error', 'rate_limit_error'),
    isRetryable: true,
  },
  budget_exceeded: client(402, 'insufficient_quota', 'billing_error'),
  fallback_budget_exhausted: {
    ...client(402, 'insufficient_quota', 'billing_error'),
    mayFailOver: true,
  },
  max_cost_exceeded: { ...client(402, 'insufficient_quota', 'billing_error'), mayFailOver: true },

  upstream_authentication_failed: upstream(502, 'api_error', false),
  upstream_rate_limited: {
    ...upstream(429, 'rate_limit_error'),
    openaiType: 'rate_limit_error',
  },
  upstream_overloaded: { ...upstream(503, 'overloaded_error'), anthropicStatus: 529 },
  upstream_unreachable: upstream(502),
  upstream_timeout: upstream(504, 'timeout_error'),
  upstream_error: upstream(502),
  upstream_rejected: {
    ...upstream(400, 'invalid_request_error', false),
    mayFailOver: false,
    openaiType: 'invalid_request_error',
  },
  upstream_redirect: upstream(502, 'api_error', false),
  upstream_invalid_response: upstream(502),
  upstream_too_large: upstream(502, 'api_error', false),
  upstream_stream_interrupted: { ...upstream(502), mayFailOver: true },
  egress_blocked: { ...upstream(502, 'api_error', false), origin: 'gateway' },

  engine_not_installed: engine(503, false),
  engine_platform_unsupported: engine(503, false),
  engine_model_missing: engine(503, false),
  engine_start_failed: engine(503),
  engine_not_ready: { ...engine(503), anthropicStatus: 529 },
  engine_start_timeout: engine(503),
  engine_out_of_memory: engine(503),
  engine_crashed: engine(502),
  engine_queue_full: { ...engine(503), anthropicStatus: 529 },
  engine_port_conflict: engine(503),
  engine_backoff: engine(503),
  engine_disabled: engine(503, false),
  engine_paused: engine(503),

  no_available_target: {
    ...engine(503, false),
    origin: 'gateway',
    mayFailOver: false,
  },
  loop_detected: { ...engine(508, false), origin: 'gateway', mayFailOver: false },
  secrets_locked: { ...engine(503, false), origin: 'gateway' },
  storage_unavailable: { ...engine(503), origin: 'gateway', mayFailOver: false },
  gateway_overloaded: {
    ...engine(503),
    origin: 'gateway',
    mayFailOver: false,
    anthropicType: 'overloaded_error',
    anthropicStatus: 529,
  },
  shutting_down: { ...engine(503), origin: 'gateway', mayFailOver: false, anthropicStatus: 529 },
  gateway_crashed: { ...engine(500, false), origin: 'gateway', mayFailOver: false },
  internal_error: { ...engine(500, false), origin: 'gateway', mayFailOver: false },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorCodes;
