import { DateTimeInput, type DateTimeInputProps } from 'react-admin';

/** A moment in local time; the record holds epoch milliseconds, null when empty. */
export const EpochInput = (props: Omit<DateTimeInputProps, 'format' | 'parse'>) => (
  <DateTimeInput {...props} format={toLocalText} parse={toEpochMs} />
);

/** `2026-11-21T14:05`; called twice by the input, so its own output passes unchanged. */
function toLocalText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return '';
  const at = new Date(value);
  return new Date(value - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toEpochMs(text: unknown): number | null {
  if (typeof text !== 'string' || text === '') return null;
  const atMs = new Date(text).getTime();
  return Number.isNaN(atMs) ? null : atMs;
}
