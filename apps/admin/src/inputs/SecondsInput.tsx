import { maxValue, minValue, NumberInput } from 'react-admin';

const msPerSecond = 1000;
const maxMs = 3600 * msPerSecond;

interface SecondsInputProps {
  readonly source: string;
  readonly label: string;
  readonly minMs: number;
  readonly helperText: string;
}

/** Typed in seconds; the record holds milliseconds, null when empty. */
export const SecondsInput = ({ source, label, minMs, helperText }: SecondsInputProps) => (
  <NumberInput
    source={source}
    label={`${label}, in seconds (optional)`}
    // the checks see the record's milliseconds
    validate={[
      minValue(minMs, `Use ${minMs / msPerSecond} seconds or more, or leave it empty`),
      maxValue(maxMs, `Use at most ${maxMs / msPerSecond} seconds`),
    ]}
    step="any"
    min={minMs / msPerSecond}
    format={(ms: unknown) => (typeof ms === 'number' ? String(ms / msPerSecond) : '')}
    parse={toMs}
    helperText={helperText}
  />
);

function toMs(typed: unknown): number | null {
  const seconds = Number.parseFloat(String(typed));
  return Number.isNaN(seconds) ? null : Math.round(seconds * msPerSecond);
}
