import type { GatewayError } from '../errors/gateway-error.js';
import { openaiError } from '../shared/openai-error.js';

/** The stream closes behind it, without `[DONE]`: that is how clients tell a failure from an end. */
export function encodeStreamError(error: GatewayError): string {
  return `data: ${JSON.stringify({ error: openaiError(error) })}\n\n`;
}
