/** Decimal units, as model files are named: `668 MB`, `5.0 GB`; null (unknown) is a dash. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '–';
  if (bytes >= 999_500_000) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 999_500) return `${Math.round(bytes / 1e6)} MB`;
  return `${Math.round(bytes / 1000)} kB`;
}
