/** Dollars with as many places as it takes, for people. */
export function formatUsd(nanos: number): string {
  return `$${(nanos / 1e9).toFixed(9).replace(/\.?0+$/, '')}`;
}
