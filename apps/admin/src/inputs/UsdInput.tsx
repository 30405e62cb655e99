import { InputAdornment } from '@mui/material';
import { minValue, NumberInput, type NumberInputProps } from 'react-admin';
import { nanosToUsd, usdToNanos } from '../format/formatCost.js';

const notNegative = minValue(0, 'Use 0 or more');

/** An amount typed in US dollars; the record holds nano-dollars, null when empty. */
export const UsdInput = (props: Omit<NumberInputProps, 'format' | 'parse' | 'slotProps'>) => (
  <NumberInput
    validate={notNegative}
    {...props}
    step="any"
    format={toUsdText}
    parse={toNanos}
    slotProps={dollarSign}
  />
);

const dollarSign = {
  input: { startAdornment: <InputAdornment position="start">$</InputAdornment> },
};

/** An empty field arrives as an empty text, and must not become a zero. */
function toUsdText(nanos: unknown): string {
  return typeof nanos === 'number' ? String(nanosToUsd(nanos)) : '';
}

function toNanos(typed: unknown): number | null {
  const usd = Number.parseFloat(String(typed));
  return Number.isNaN(usd) ? null : usdToNanos(usd);
}
