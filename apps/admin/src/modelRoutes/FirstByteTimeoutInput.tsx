import { maxValue, minValue, NumberInput } from 'react-admin';

const msPerSecond = 1000;
// the checks see the record's milliseconds
const withinLimits = [
  minValue(100, 'Use 0.1 seconds or more, or leave it empty'),
  maxValue(3600 * msPerSecond, 'Use at most 3600 seconds'),
];

/** Typed in seconds; the record holds milliseconds, null when empty. */
export const FirstByteTimeoutInput = () => (
  <NumberInput
    source="firstByteTimeoutMs"
    label="Longest wait for the first byte, in seconds (optional)"
    validate={withinLimits}
    step="any"
    min={0.1}
    format={(ms: unknown) => (typeof ms === 'number' ? String(ms / msPerSecond) : '')}
    parse={toMs}
    helperText="Empty = 120 for streams and 600 for whole answers of providers; no limit for local models"
  />
);

function toMs(typed: unknown): number | null {
  const seconds = Number.parseFloat(String(typed));
  return Number.isNaN(seconds) ? null : Math.round(seconds * msPerSecond);
}
