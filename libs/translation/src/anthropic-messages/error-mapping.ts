import { errorCodes } from '../errors/error-codes.js';
import type { GatewayError } from '../errors/gateway-error.js';
import type { EncodedError } from '../protocol.js';
import { errorHeaders } from '../shared/error-headers.js';

/** 503 is said as 529, as Anthropic says it; an upstream’s own status is kept. */
export function encodeError(error: GatewayError, requestId: string): EncodedError {
  const { status, anthropicStatus } = error.row;
  return {
    // A status of the upstream's own is kept; only the catalogue's is said in Anthropic's way.
    status: error.status === status ? (anthropicStatus ?? status) : error.status,
    headers: errorHeaders(error),
    body: JSON.stringify(errorBody(error, requestId)),
  };
}

/** The `error` event, which is the last of a stream. */
export function encodeStreamError(error: GatewayError, requestId: string): string {
  return `event: error\ndata: ${JSON.stringify(errorBody(error, requestId))}\n\n`;
}

function errorBody(error: GatewayError, requestId: string): unknown {
  const { anthropicType } = errorCodes[error.code];
  return {
    type: 'error',
    error: { type: anthropicType, message: messageOf(error) },
    request_id: requestId,
  };
}

/** Clients find the field by a dotted path in front, and start compacting at the words "prompt is too long". */
function messageOf({ code, message, path }: GatewayError): string {
  const isUnmarked = code === 'context_length_exceeded' && !/prompt is too long/i.test(message);
  const text = isUnmarked ? `prompt is too long: ${sizesIn(message)}${message}` : message;
  return path === null ? text : `${path.replaceAll(/\[(\d+)\]/g, '.$1')}: ${text}`;
}

/** Anthropic's "9 tokens > 5 maximum", which agents read, from the numbers of another provider's words. */
function sizesIn(message: string): string {
  const counts = [...message.matchAll(/(\d[\d,]{0,12}) tokens/g)].map(([, digits]) =>
    Number(digits?.replaceAll(',', '')),
  );
  const [most, least] = [Math.max(...counts), Math.min(...counts)];
  return counts.length > 1 && most > least ? `${most} tokens > ${least} maximum. ` : '';
}
