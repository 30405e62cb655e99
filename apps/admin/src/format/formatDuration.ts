/** `0.4 ms`, `412 ms`, `1.34 s`, `2 min 5 s`, `3 h 12 min`, `4 d 2 h`; null (unknown) is a dash. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms > 0 && ms < 1) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return twoUnits(minutes, 60, 'h', 'min');
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

function twoUnits(amount: number, size: number, big: string, small: string): string {
  const rest = amount % size;
  const whole = `${Math.floor(amount / size)} ${big}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}
