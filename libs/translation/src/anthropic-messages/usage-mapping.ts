import { unknownUsage, type Usage } from '../canonical/usage.js';
import { countAt, recordAt, type JsonRecord } from '../shared/json/json-access.js';
import type { MessagesUsage } from './wire.js';

/**
 * Anthropic leaves cached tokens out of `input_tokens`; we add them up. Events repeat only part of the
 * counters, and those they repeat are cumulative, so each replaces what `before` knew.
 */
export function decodeUsage(wire: JsonRecord, before: Usage = unknownUsage): Usage {
  const cacheReadTokens = countAt(wire, 'cache_read_input_tokens') ?? before.cacheReadTokens;
  const cacheWriteTokens = countAt(wire, 'cache_creation_input_tokens') ?? before.cacheWriteTokens;
  const fresh = countAt(wire, 'input_tokens') ?? freshTokens(before);
  const written = recordAt(wire, 'cache_creation');
  return {
    ...unknownUsage,
    inputTokens: fresh === null ? null : fresh + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteLongTokens:
      countAt(written, 'ephemeral_1h_input_tokens') ?? before.cacheWriteLongTokens,
    outputTokens: countAt(wire, 'output_tokens') ?? before.outputTokens,
    reasoningTokens:
      countAt(recordAt(wire, 'output_tokens_details'), 'thinking_tokens') ?? before.reasoningTokens,
  };
}

/** Input that was neither read from nor written to a cache. */
function freshTokens(usage: Usage): number | null {
  if (usage.inputTokens === null) return null;
  return Math.max(
    0,
    usage.inputTokens - (usage.cacheReadTokens ?? 0) - (usage.cacheWriteTokens ?? 0),
  );
}

/** Unknown counts are 0: the fields are mandatory and clients add them up. */
export function encodeUsage(usage: Usage): MessagesUsage {
  return {
    input_tokens: freshTokens(usage) ?? 0,
    cache_creation_input_tokens: usage.cacheWriteTokens ?? 0,
    cache_read_input_tokens: usage.cacheReadTokens ?? 0,
    output_tokens: usage.outputTokens ?? 0,
  };
}
