import { maxValue, minValue, NumberInput } from 'react-admin';

const gibibyte = 1024 ** 3;

interface GibibytesInputProps {
  readonly source: string;
  readonly label: string;
  readonly minBytes: number;
  readonly helperText: string;
}

/** Typed in gibibytes, as memory is sold; the record holds bytes, null when empty. */
export const GibibytesInput = ({ source, label, minBytes, helperText }: GibibytesInputProps) => (
  <NumberInput
    source={source}
    label={`${label}, in GiB (optional)`}
    // the checks see the record's bytes
    validate={[
      minValue(minBytes, `Use ${minBytes / gibibyte} GiB or more, or leave it empty`),
      maxValue(2 ** 50, 'That is more than any machine has'),
    ]}
    step="any"
    format={(bytes: unknown) => (typeof bytes === 'number' ? toGibibytes(bytes) : '')}
    parse={toBytes}
    helperText={helperText}
  />
);

/** Two decimals are enough to recognise a number, and few enough to read. */
function toGibibytes(bytes: number): string {
  return String(Number((bytes / gibibyte).toFixed(2)));
}

function toBytes(typed: unknown): number | null {
  const size = Number.parseFloat(String(typed));
  return Number.isNaN(size) ? null : Math.round(size * gibibyte);
}
