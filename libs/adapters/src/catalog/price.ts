/** Price of one class of tokens, in pico-dollars per token (1 USD per million tokens = 1 000 000). */
export interface UnitPrice {
  readonly picosPerToken: bigint;
  /** From more than this many input tokens on, all tokens of the request cost the tier's price. */
  readonly tiers: readonly { readonly aboveInputTokens: number; readonly picosPerToken: bigint }[];
}

/** What one model costs at one provider. Classes without a price of their own cost what `input` or `output` costs. */
export interface Price {
  readonly input: UnitPrice;
  readonly output: UnitPrice;
  readonly cacheRead: UnitPrice | null;
  readonly cacheWrite: UnitPrice | null;
  readonly cacheWriteLong: UnitPrice | null;
  readonly inputAudio: UnitPrice | null;
  readonly outputAudio: UnitPrice | null;
  /** Where the figures come from, kept with every attempt, e.g. `genai-prices 0.1.8 openai/gpt-4o-mini`. */
  readonly source: string;
}

/** The same price whatever the size of the request. */
export function flatPrice(picosPerToken: bigint): UnitPrice {
  return { picosPerToken, tiers: [] };
}
