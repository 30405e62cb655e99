import { unknownUsage, type Usage } from '../canonical/usage.js';
import { arrayAt, asRecord, countAt, type JsonRecord } from '../shared/json/json-access.js';
import type { UsageMetadata } from './wire.js';

/**
 * Gemini counts cached tokens inside the prompt, but the input of hosted tools outside of it and thoughts outside of
 * the candidates. Chunks repeat the counters, yet some repeat only a part of them or count a step of a hosted tool
 * alone; so a counter never falls behind what `before` knew.
 */
export function decodeUsage(wire: JsonRecord, before: Usage = unknownUsage): Usage {
  const prompt = countAt(wire, 'promptTokenCount');
  const toolPrompt = countAt(wire, 'toolUsePromptTokenCount') ?? 0;
  const inputTokens = greater(prompt === null ? null : prompt + toolPrompt, before.inputTokens);
  const reasoningTokens = greater(countAt(wire, 'thoughtsTokenCount'), before.reasoningTokens);
  const candidates = greater(countAt(wire, 'candidatesTokenCount'), candidatesOf(before));
  const counted =
    candidates === null && reasoningTokens === null
      ? uncountedOutput(wire, prompt, toolPrompt)
      : (candidates ?? 0) + (reasoningTokens ?? 0);
  const cached = greater(countAt(wire, 'cachedContentTokenCount'), before.cacheReadTokens);
  return {
    ...unknownUsage,
    inputTokens,
    cacheReadTokens: cached === null || inputTokens === null ? null : Math.min(cached, inputTokens),
    inputAudioTokens: greater(audioTokens(wire, 'promptTokensDetails'), before.inputAudioTokens),
    outputTokens: greater(counted, before.outputTokens),
    reasoningTokens,
    outputAudioTokens: greater(
      audioTokens(wire, 'candidatesTokensDetails'),
      before.outputAudioTokens,
    ),
  };
}

/** Unknown counts are 0 here, since clients add them up; the details are left out where unknown. */
export function encodeUsage(usage: Usage): UsageMetadata {
  const prompt = usage.inputTokens ?? 0;
  const output = usage.outputTokens ?? 0;
  const thoughts = Math.min(usage.reasoningTokens ?? 0, output);
  return {
    promptTokenCount: prompt,
    cachedContentTokenCount: usage.cacheReadTokens ?? undefined,
    candidatesTokenCount: output - thoughts,
    thoughtsTokenCount: usage.reasoningTokens === null ? undefined : thoughts,
    totalTokenCount: prompt + output,
  };
}

function greater(first: number | null, second: number | null): number | null {
  if (first === null || second === null) return first ?? second;
  return Math.max(first, second);
}

function candidatesOf({ outputTokens, reasoningTokens }: Usage): number | null {
  return outputTokens === null ? null : outputTokens - (reasoningTokens ?? 0);
}

/** Gemini leaves counters of 0 out; the total tells them from unknown ones. */
function uncountedOutput(
  wire: JsonRecord,
  prompt: number | null,
  toolPrompt: number,
): number | null {
  const total = countAt(wire, 'totalTokenCount');
  return total === null || prompt === null ? null : Math.max(0, total - prompt - toolPrompt);
}

/** null when nothing is said of the kinds of tokens. */
function audioTokens(wire: JsonRecord, name: string): number | null {
  const details = arrayAt(wire, name).map(asRecord);
  if (details.length === 0) return null;
  return details.reduce(
    (sum, detail) =>
      detail?.['modality'] === 'AUDIO' ? sum + (countAt(detail, 'tokenCount') ?? 0) : sum,
    0,
  );
}
