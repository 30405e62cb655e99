/** How well a cost is known; `unknown` is never to be shown as a figure. */
export type CostStatus = 'exact' | 'estimated' | 'unknown' | 'free';

const nanosPerUsd = 1_000_000_000;

/** Nano-dollars as dollars; amounts below a cent keep three significant digits: `$0.000123`. */
export function formatUsd(nanos: number): string {
  const usd = nanos / nanosPerUsd;
  const size = Math.abs(usd);
  if (size === 0 || size >= 1) return `$${group(usd)}`;
  // digits after the point until the third one that counts, at most down to the nano-dollar
  const digits = Math.min(9, 2 - Math.floor(Math.log10(size)));
  return `$${usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** A cost with how well it is known: `unknown`, `free`, `≈ $0.0012` or `$0.0012`. */
export function formatCost(nanos: number | null, status: CostStatus): string {
  if (status === 'free') return 'free';
  if (nanos === null || status === 'unknown') return 'unknown';
  return status === 'estimated' ? `≈ ${formatUsd(nanos)}` : formatUsd(nanos);
}

export function usdToNanos(usd: number): number {
  return Math.round(usd * nanosPerUsd);
}

export function nanosToUsd(nanos: number): number {
  return nanos / nanosPerUsd;
}

function group(usd: number): string {
  return usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
