import { unknownUsage, type Usage } from '../canonical/usage.js';
import { countAt, recordAt, type JsonRecord } from '../shared/json/json-access.js';
import { atMost } from '../shared/at-most.js';
import type { ResponsesUsage } from './wire.js';

/** OpenAI counts cached and written tokens inside `input_tokens`, reasoning inside `output_tokens`. */
export function decodeUsage(wire: JsonRecord): Usage {
  const inputDetails = recordAt(wire, 'input_tokens_details');
  const inputTokens = countAt(wire, 'input_tokens');
  const outputTokens = countAt(wire, 'output_tokens');
  const cacheReadTokens = atMost(countAt(inputDetails, 'cached_tokens'), inputTokens);
  const uncached = inputTokens === null ? null : inputTokens - (cacheReadTokens ?? 0);
  const cacheWriteTokens = atMost(countAt(inputDetails, 'cache_write_tokens'), uncached);
  const written = recordAt(inputDetails, 'cache_write_tokens_details');
  return {
    ...unknownUsage,
    inputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteLongTokens: atMost(countAt(written, 'ttl_12h_tokens'), cacheWriteTokens),
    outputTokens,
    reasoningTokens: atMost(
      countAt(recordAt(wire, 'output_tokens_details'), 'reasoning_tokens'),
      outputTokens,
    ),
  };
}

/** Unknown counts are 0: the fields are mandatory and clients add them up. */
export function encodeUsage(usage: Usage): ResponsesUsage {
  const input = usage.inputTokens ?? 0;
  const output = usage.outputTokens ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens ?? undefined,
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: input + output,
  };
}
