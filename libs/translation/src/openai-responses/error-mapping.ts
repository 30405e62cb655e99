import type { ErrorCode } from '../errors/error-codes.js';
import type { GatewayError } from '../errors/gateway-error.js';
import type { StreamProgress } from '../protocol.js';
import { openaiError } from '../shared/openai-error.js';
import { writeJson } from '../shared/json/write-json.js';
import { responseHead, responseObject } from './reply/response-object.js';

/**
 * Two events, as OpenAI sends them: SDKs throw at `error`, agents read the reason from `response.failed`. The first
 * shows its words both nested, as OpenAI does, and flat, as its specification says.
 */
export function encodeStreamError(
  error: GatewayError,
  requestId: string,
  progress?: StreamProgress | null,
): string {
  const words = openaiError(error);
  const { message, code, param } = words;
  const first = progress?.nextSequence ?? 0;
  return (
    encodeEvent('error', { code, message, param, error: words }, first) +
    encodeStreamFailure(error, requestId, { ...progress, nextSequence: first + 1 })
  );
}

/** The event that ends a failed stream: some servers send `error` alone, and then agents lose the reason. */
export function encodeStreamFailure(
  error: GatewayError,
  requestId: string,
  progress?: Partial<StreamProgress> | null,
): string {
  const { message } = openaiError(error);
  const head =
    progress?.response ??
    responseHead(
      { id: null, model: null, createdAtSeconds: null },
      { requestId, model: '', createdAtSeconds: 0, includeUsage: true },
    );
  const response = {
    ...responseObject(head, { status: 'failed', output: [], usage: null }),
    output: head['output'] ?? [],
    error: { code: failureWords[error.code] ?? 'server_error', message },
  };
  return encodeEvent('response.failed', { response }, progress?.nextSequence ?? 0);
}

/** Words that agents act upon: they compact, wait or give up. */
const failureWords: Partial<Record<ErrorCode, string>> = {
  context_length_exceeded: 'context_length_exceeded',
  rate_limited: 'rate_limit_exceeded',
  concurrency_limited: 'rate_limit_exceeded',
  upstream_rate_limited: 'rate_limit_exceeded',
  upstream_overloaded: 'server_is_overloaded',
  engine_queue_full: 'server_is_overloaded',
  budget_exceeded: 'insufficient_quota',
  fallback_budget_exhausted: 'insufficient_quota',
  max_cost_exceeded: 'insufficient_quota',
  invalid_request: 'invalid_prompt',
};

/** @param members at least one, and neither `type` nor `sequence_number` */
export function encodeEvent(type: string, members: object, sequence: number): string {
  const inner = writeJson(members).slice(1, -1);
  return `event: ${type}\ndata: {"type":"${type}",${inner},"sequence_number":${sequence}}\n\n`;
}
