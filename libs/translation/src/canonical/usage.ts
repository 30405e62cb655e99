/**
 * Tokens of one upstream answer, in one vocabulary for all protocols. Integers; `null` means unknown,
 * which is never the same as 0. Every class below `inputTokens`/`outputTokens` is a part of it, so
 * Anthropic's `input_tokens` (which leaves cached tokens out) is added up on the way in.
 */
export interface Usage {
  /** All input: fresh, read from a cache and written to a cache. */
  readonly inputTokens: number | null;
  readonly cacheReadTokens: number | null;
  /** Written to a cache, all lifetimes together. */
  readonly cacheWriteTokens: number | null;
  /** The part of `cacheWriteTokens` that lives an hour or longer (dearer at Anthropic). */
  readonly cacheWriteLongTokens: number | null;
  readonly inputAudioTokens: number | null;
  /** All output, reasoning included. */
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly outputAudioTokens: number | null;
  /** Counted by the upstream, or estimated by us because it kept silent. */
  readonly isEstimated: boolean;
  /** The upstream's counts contradicted each other, and were cut to fit. */
  readonly isInconsistent?: boolean;
}

/** Nothing was counted yet; not the same as nothing was used. */
export const unknownUsage: Usage = {
  inputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  cacheWriteLongTokens: null,
  inputAudioTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  outputAudioTokens: null,
  isEstimated: false,
};
