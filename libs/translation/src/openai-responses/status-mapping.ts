import type { FinishReason } from '../canonical/finish-reason.js';
import { GatewayError } from '../errors/gateway-error.js';
import { recordAt, textAt, type JsonRecord } from '../shared/json/json-access.js';
import { inBandError } from '../shared/upstream-fault.js';

/** Words of `incomplete_details.reason`; other words mean that something was cut off. */
const incompleteReasons: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'content-filter',
};

/** null while the response is not over, and where it failed. Servers that name no status are done. */
export function decodeStatus(response: JsonRecord): FinishReason | null {
  const status = textAt(response, 'status') ?? 'completed';
  if (status === 'completed') return 'stop';
  if (status !== 'incomplete') return null;
  const reason = textAt(recordAt(response, 'incomplete_details'), 'reason') ?? '';
  return Object.hasOwn(incompleteReasons, reason)
    ? (incompleteReasons[reason] ?? 'length')
    : 'length';
}

/** Of a response that failed or was cancelled; null for all others. */
export function failureOf(response: JsonRecord | null): GatewayError | null {
  const status = textAt(response, 'status');
  const error = recordAt(response, 'error');
  if (error !== null) return inBandError({ error });
  if (status !== 'failed' && status !== 'cancelled') return null;
  return new GatewayError('upstream_error', `The upstream's response was ${status}.`);
}

/** The response in a stream's last event, with the status that the event's name gives it. null for other events. */
export function terminalResponse(event: JsonRecord): JsonRecord | null {
  const status = /^response\.(completed|incomplete|failed)$/.exec(textAt(event, 'type') ?? '')?.[1];
  if (status === undefined) return null;
  return { status, ...recordAt(event, 'response') };
}

export interface StatusFields {
  readonly status: 'completed' | 'incomplete';
  readonly incomplete_details: { readonly reason: string } | null;
}

export function encodeStatus(reason: FinishReason): StatusFields {
  if (reason !== 'length' && reason !== 'content-filter')
    return { status: 'completed', incomplete_details: null };
  const word = reason === 'length' ? 'max_output_tokens' : 'content_filter';
  return { status: 'incomplete', incomplete_details: { reason: word } };
}
