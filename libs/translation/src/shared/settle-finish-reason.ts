import type { FinishReason } from '../canonical/finish-reason.js';

/**
 * Decides by content, not by the upstream's word, whether the caller must run tools: many upstreams say
 * `stop` after a tool call, some say `tool_calls` without one. A cut or refused answer stays so.
 */
export function settleFinishReason(reported: FinishReason, hasToolCall: boolean): FinishReason {
  if (reported === 'length' || reported === 'content-filter') return reported;
  if (hasToolCall) return 'tool-calls';
  return reported === 'tool-calls' ? 'stop' : reported;
}

/** OpenAI ends a refusal with `stop`; where refusing is a reason of its own, it must be told. */
export function settleRefusal(reason: FinishReason, hasRefusal: boolean): FinishReason {
  return hasRefusal && reason === 'stop' ? 'content-filter' : reason;
}
