import type { Usage } from '../canonical/usage.js';
import { atMost } from '../shared/at-most.js';
import { countAt, recordAt, type JsonRecord } from '../shared/json/json-access.js';
import type { ChatUsage } from './wire.js';

/**
 * OpenAI counts cached and written tokens inside `prompt_tokens`, reasoning inside `completion_tokens`.
 * Parts larger than their whole (seen from Azure and OpenRouter) are cut to it, so nothing turns negative.
 */
export function decodeUsage(wire: JsonRecord): Usage {
  const promptDetails = recordAt(wire, 'prompt_tokens_details');
  const completionDetails = recordAt(wire, 'completion_tokens_details');
  const inputTokens = countAt(wire, 'prompt_tokens');
  const outputTokens = countAt(wire, 'completion_tokens');
  const cached =
    countAt(promptDetails, 'cached_tokens') ?? countAt(wire, 'prompt_cache_hit_tokens');
  const cacheReadTokens = atMost(cached, inputTokens);
  const uncached = inputTokens === null ? null : inputTokens - (cacheReadTokens ?? 0);
  const written = countAt(promptDetails, 'cache_write_tokens');
  const thought =
    countAt(completionDetails, 'reasoning_tokens') ?? countAt(wire, 'reasoning_tokens');
  const cacheWriteTokens = atMost(written, uncached);
  const reasoningTokens = atMost(thought, outputTokens);
  const total = countAt(wire, 'total_tokens');
  const isCut =
    cacheReadTokens !== cached || cacheWriteTokens !== written || reasoningTokens !== thought;
  const isOffTotal = total !== null && total !== (inputTokens ?? 0) + (outputTokens ?? 0);
  const usage: Usage = {
    inputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteLongTokens: null,
    inputAudioTokens: atMost(countAt(promptDetails, 'audio_tokens'), inputTokens),
    outputTokens,
    reasoningTokens,
    outputAudioTokens: atMost(countAt(completionDetails, 'audio_tokens'), outputTokens),
    isEstimated: false,
  };
  return isCut || isOffTotal ? { ...usage, isInconsistent: true } : usage;
}

/** Unknown counts are 0 here, since clients add them up; the details are left out where unknown. */
export function encodeUsage(usage: Usage): ChatUsage {
  const prompt = usage.inputTokens ?? 0;
  const completion = usage.outputTokens ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: withoutUnknown({
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      audio_tokens: usage.inputAudioTokens,
    }),
    completion_tokens_details: withoutUnknown({
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.outputAudioTokens,
    }),
  };
}

function withoutUnknown(counts: Record<string, number | null>): Record<string, number> | undefined {
  const known = Object.entries(counts).filter(
    (entry): entry is [string, number] => entry[1] !== null,
  );
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
