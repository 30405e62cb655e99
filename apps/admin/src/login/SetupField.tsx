import { TextField } from '@mui/material';
import type { SetupFaults, SetupFields } from './setupFaults.js';

interface SetupFieldProps {
  readonly label: string;
  readonly name: keyof SetupFields;
  readonly fields: SetupFields;
  readonly faults: SetupFaults;
  readonly onChange: (change: Partial<SetupFields>) => void;
  readonly autoComplete: string;
  readonly hint?: string;
  readonly autoFocus?: boolean;
}

/** One text field of the first-run form, with the fault that belongs to it. */
export const SetupField = (props: SetupFieldProps) => {
  const { label, name, fields, faults, onChange, hint, autoFocus = false } = props;
  const isSecret = name === 'password' || name === 'confirmation';
  return (
    <TextField
      label={label}
      type={isSecret ? 'password' : 'text'}
      value={fields[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
      error={faults[name] !== undefined}
      helperText={faults[name] ?? hint}
      autoComplete={props.autoComplete}
      autoFocus={autoFocus}
    />
  );
};
