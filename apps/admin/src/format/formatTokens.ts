/** Whole below 100 000, then `123k`, `1.2M`; null (unknown) is a dash, never a zero. */
export function formatTokens(tokens: number | null): string {
  if (tokens === null) return '–';
  if (tokens >= 999_500) return `${(tokens / 1_000_000).toFixed(tokens >= 9_950_000 ? 0 : 1)}M`;
  if (tokens >= 100_000) return `${Math.round(tokens / 1000)}k`;
  return tokens.toLocaleString('en-US');
}
