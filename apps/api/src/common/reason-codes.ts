import type { ErrorCode } from '#translation';

/**
 * Why a target was not used, or was left for another: the closed list that attempt rows, the log and
 * `x-spillway-fallback` speak. Codes are public and stable; `docs/local-first.md` explains each, and a test keeps both
 * lists equal.
 */
export const reasonCodes = [
  // it cannot run here
  'not_installed',
  'model_missing',
  'platform_unsupported',
  'disabled',
  'resource_paused',
  // it could run, and cannot do this
  'capability_missing',
  'context_too_long',
  // it would take too long
  'cold',
  'queue_full',
  'predicted_wait',
  'start_timeout',
  'slo_ttft',
  'hedge_lost',
  // it failed to run
  'start_failed',
  'oom',
  'backoff',
  'quarantined',
  'shutting_down',
  // it was sent the request, and failed before its first byte
  'crashed',
  'stall',
  'connection_reset',
  'http_5xx',
  'malformed_response',
  'rate_limited',
  'overloaded',
  'auth_failed',
  'context_lost',
  // it may not be asked
  'fallback_budget_exhausted',
  'max_cost_exceeded',
  'egress_blocked',
  'secrets_locked',
  'loop',
] as const;

export type ReasonCode = (typeof reasonCodes)[number];

/** Errors after which the next target may be tried, as reasons. All others end the request and have none. */
const reasonOfError: Partial<Record<ErrorCode, ReasonCode>> = {
  engine_not_installed: 'not_installed',
  engine_platform_unsupported: 'platform_unsupported',
  engine_model_missing: 'model_missing',
  engine_start_failed: 'start_failed',
  engine_port_conflict: 'start_failed',
  engine_start_timeout: 'start_timeout',
  engine_not_ready: 'cold',
  engine_out_of_memory: 'oom',
  engine_crashed: 'crashed',
  engine_queue_full: 'queue_full',
  engine_backoff: 'backoff',
  engine_disabled: 'disabled',
  engine_paused: 'resource_paused',
  unsupported_by_target: 'capability_missing',
  previous_response_not_found: 'context_lost',
  context_length_exceeded: 'context_too_long',
  fallback_budget_exhausted: 'fallback_budget_exhausted',
  max_cost_exceeded: 'max_cost_exceeded',
  upstream_authentication_failed: 'auth_failed',
  upstream_rate_limited: 'rate_limited',
  upstream_overloaded: 'overloaded',
  upstream_unreachable: 'connection_reset',
  upstream_stream_interrupted: 'connection_reset',
  upstream_timeout: 'stall',
  upstream_error: 'http_5xx',
  upstream_redirect: 'malformed_response',
  upstream_invalid_response: 'malformed_response',
  upstream_too_large: 'malformed_response',
  egress_blocked: 'egress_blocked',
  secrets_locked: 'secrets_locked',
};

/** Null for an error that is no reason to leave a target: the caller's own mistake, a refusal by the key's budget, a caller that left. */
export function reasonOf(code: ErrorCode): ReasonCode | null {
  return reasonOfError[code] ?? null;
}
