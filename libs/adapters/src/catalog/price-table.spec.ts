import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookUpPrice, priceTableVersion } from './price-table.js';

const question = { priceProvider: null, at: new Date('2026-06-01T00:00:00Z') };

describe('lookUpPrice', () => {
  it('finds a model by the base URL of its provider, in exact pico-dollars per token', () => {
    const price = lookUpPrice({
      ...question,
      baseUrl: 'https://api.openai.com/v1',
      model: 'gpt-4o-mini',
    });
    expect(price?.input.picosPerToken).toBe(150_000n);
    expect(price?.cacheRead?.picosPerToken).toBe(75_000n);
    expect(price?.output.picosPerToken).toBe(600_000n);
    expect(price?.source).toBe(`genai-prices ${priceTableVersion} openai/gpt-4o-mini`);
  });

  it('keeps the tiers of long prompts', () => {
    const price = lookUpPrice({
      ...question,
      baseUrl: 'https://api.anthropic.com',
      model: 'claude-sonnet-4-5-20250929',
    });
    expect(price?.input.tiers).toEqual([{ aboveInputTokens: 200_000, picosPerToken: 6_000_000n }]);
    expect(price?.cacheWriteLong?.picosPerToken).toBe(6_000_000n);
  });

  it('answers null, not zero, for a model or a host it does not know', () => {
    expect(
      lookUpPrice({ ...question, baseUrl: 'https://api.openai.com/v1', model: 'no-such' }),
    ).toBeNull();
    expect(
      lookUpPrice({ ...question, baseUrl: 'http://127.0.0.1:9/v1', model: 'gpt-4o' }),
    ).toBeNull();
  });

  it('takes the provider by name where the host does not tell', () => {
    const price = lookUpPrice({
      baseUrl: 'https://proxy.example/v1',
      model: 'gpt-4o-mini',
      priceProvider: 'openai',
      at: question.at,
    });
    expect(price?.input.picosPerToken).toBe(150_000n);
  });

  it('names the version of the table that is installed', () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
    ) as {
      dependencies: Record<string, string>;
    };
    expect(manifest.dependencies['@pydantic/genai-prices']).toBe(priceTableVersion);
  });
});
