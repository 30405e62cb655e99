import { calcPrice } from '@pydantic/genai-prices';
import { flatPrice, type Price, type UnitPrice } from './price.js';

/** The package does not export its version; a test holds this against the manifest. */
export const priceTableVersion = '0.1.8';

/** A model at a provider at a time: prices change. */
export interface PriceQuestion {
  readonly baseUrl: string;
  readonly model: string;
  /** Provider id in the table, when it cannot be told from the base URL. */
  readonly priceProvider: string | null;
  readonly at: Date;
}

/**
 * Looks a price up in the table shipped with the gateway (the data of pydantic/genai-prices; nothing is fetched).
 * Takes about 0.1 ms, so callers ask once per target and keep the answer.
 * @returns null when the price is not known, which is never the same as free.
 */
export function lookUpPrice(question: PriceQuestion): Price | null {
  const found = calcPrice({ input_tokens: 1, output_tokens: 1 }, question.model, {
    timestamp: question.at,
    ...(question.priceProvider === null
      ? { providerApiUrl: question.baseUrl }
      : { providerId: question.priceProvider }),
  });
  if (found === null) return null;
  const prices = found.model_price;
  const unit = (name: string): UnitPrice | null => readUnit(prices[name]);
  const input = unit('input_mtok');
  const output = unit('output_mtok');
  if (input === null && output === null) return null;
  return {
    input: input ?? flatPrice(0n),
    output: output ?? flatPrice(0n),
    cacheRead: unit('cache_read_mtok'),
    cacheWrite: unit('cache_write_mtok'),
    cacheWriteLong: unit('cache_write_1h_mtok'),
    inputAudio: unit('input_audio_mtok'),
    outputAudio: unit('output_audio_mtok'),
    source: `genai-prices ${priceTableVersion} ${found.provider.id}/${found.model.id}`,
  };
}

interface Tiered {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

function readUnit(value: number | Tiered | undefined): UnitPrice | null {
  if (value === undefined) return null;
  if (typeof value === 'number') return flatPrice(toPicos(value));
  return {
    picosPerToken: toPicos(value.base),
    tiers: value.tiers.map((tier) => ({
      aboveInputTokens: tier.start,
      picosPerToken: toPicos(tier.price),
    })),
  };
}

/** USD per million tokens to pico-dollars per token; the table has at most six decimals. */
function toPicos(usdPerMillionTokens: number): bigint {
  return BigInt(Math.round(usdPerMillionTokens * 1_000_000));
}
