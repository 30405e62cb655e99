import { unknownUsage, type Usage } from '../canonical/usage.js';
import {
  arrayAt,
  asRecord,
  countAt,
  recordAt,
  textAt,
  type JsonRecord,
} from '../shared/json/json-access.js';
import { atMost } from '../shared/at-most.js';
import type { MessagesUsage } from './wire.js';

/**
 * Anthropic leaves cached tokens out of `input_tokens`; we add them up. Events repeat only part of the
 * counters, and those they repeat are cumulative, so each replaces what `before` knew. The totals leave out what
 * compacting and asking an advisor cost; both are added, since both are billed.
 */
export function decodeUsage(wire: JsonRecord, before: Usage = unknownUsage): Usage {
  if (!Array.isArray(wire['iterations'])) return decodeCounts(wire, before);
  // What came before was perhaps added up already, so the totals here count alone where they are given.
  return arrayAt(wire, 'iterations')
    .map(asRecord)
    .filter((pass): pass is JsonRecord => hiddenPasses.has(textAt(pass, 'type') ?? ''))
    .map((pass) => decodeCounts(pass, unknownUsage))
    .reduce(sumOf, decodeCounts(wire, before));
}

const hiddenPasses: ReadonlySet<string> = new Set(['compaction', 'advisor_message']);

function sumOf(first: Usage, second: Usage): Usage {
  const add = (one: number | null, other: number | null): number | null =>
    one === null && other === null ? null : (one ?? 0) + (other ?? 0);
  return {
    ...first,
    inputTokens: add(first.inputTokens, second.inputTokens),
    cacheReadTokens: add(first.cacheReadTokens, second.cacheReadTokens),
    cacheWriteTokens: add(first.cacheWriteTokens, second.cacheWriteTokens),
    cacheWriteLongTokens: add(first.cacheWriteLongTokens, second.cacheWriteLongTokens),
    outputTokens: add(first.outputTokens, second.outputTokens),
    reasoningTokens: add(first.reasoningTokens, second.reasoningTokens),
  };
}

function decodeCounts(wire: JsonRecord, before: Usage): Usage {
  const cacheReadTokens = countAt(wire, 'cache_read_input_tokens') ?? before.cacheReadTokens;
  const cacheWriteTokens = countAt(wire, 'cache_creation_input_tokens') ?? before.cacheWriteTokens;
  const fresh = countAt(wire, 'input_tokens') ?? freshTokens(before);
  const long =
    countAt(recordAt(wire, 'cache_creation'), 'ephemeral_1h_input_tokens') ??
    before.cacheWriteLongTokens;
  const outputTokens = countAt(wire, 'output_tokens') ?? before.outputTokens;
  const thought =
    countAt(recordAt(wire, 'output_tokens_details'), 'thinking_tokens') ?? before.reasoningTokens;
  const cacheWriteLongTokens = atMost(long, cacheWriteTokens);
  const reasoningTokens = atMost(thought, outputTokens);
  return {
    ...unknownUsage,
    inputTokens: fresh === null ? null : fresh + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWriteLongTokens,
    outputTokens,
    reasoningTokens,
    ...(cacheWriteLongTokens !== long || reasoningTokens !== thought
      ? { isInconsistent: true }
      : {}),
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
