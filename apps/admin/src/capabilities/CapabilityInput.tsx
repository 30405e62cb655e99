import { Autocomplete, MenuItem, TextField } from '@mui/material';
import type { Capability, CapabilityField, CapabilityValue } from './capabilities.js';
import { toCount } from './changeOverrides.js';

interface CapabilityInputProps {
  readonly capability: Capability;
  readonly value: CapabilityValue;
  readonly onChange: (value: CapabilityValue) => void;
}

type FieldProps<Kind extends CapabilityField['kind']> = Omit<CapabilityInputProps, 'capability'> & {
  readonly label: string;
  readonly hint: string;
  readonly field: Extract<CapabilityField, { kind: Kind }>;
};

/** One capability, in the input that its kind of value asks for. */
export const CapabilityInput = ({ capability, value, onChange }: CapabilityInputProps) => {
  const { field, label, hint } = capability;
  const shared = { label, hint, value, onChange };
  switch (field.kind) {
    case 'flag':
      return <FlagInput {...shared} field={field} />;
    case 'count':
      return <CountInput {...shared} field={field} />;
    case 'choice':
      return <ChoiceInput {...shared} field={field} />;
    case 'list':
      return <ListInput {...shared} field={field} />;
  }
};

const FlagInput = ({ label, hint, value, onChange }: FieldProps<'flag'>) => (
  <TextField
    select
    label={label}
    helperText={hint}
    value={value === true ? 'yes' : 'no'}
    onChange={(event) => onChange(event.target.value === 'yes')}
  >
    <MenuItem value="yes">Yes</MenuItem>
    <MenuItem value="no">No</MenuItem>
  </TextField>
);

const CountInput = ({ label, hint, value, onChange }: FieldProps<'count'>) => (
  <TextField
    type="number"
    label={label}
    helperText={`${hint}. Empty = no limit`}
    value={value ?? ''}
    onChange={(event) => onChange(toCount(event.target.value))}
    slotProps={{ htmlInput: { min: 0, step: 1 } }}
  />
);

const ChoiceInput = ({ label, hint, field, value, onChange }: FieldProps<'choice'>) => (
  <TextField
    select
    label={label}
    helperText={hint}
    value={value}
    onChange={(event) => onChange(event.target.value)}
  >
    {field.of.map((word) => (
      <MenuItem key={word} value={word}>
        {word}
      </MenuItem>
    ))}
  </TextField>
);

const ListInput = ({ label, hint, field, value, onChange }: FieldProps<'list'>) => (
  <Autocomplete
    multiple
    size="small"
    disableCloseOnSelect
    freeSolo={field.of === null}
    autoSelect={field.of === null}
    options={[...(field.of ?? [])]}
    value={Array.isArray(value) ? [...value] : []}
    onChange={(_event, chosen) => onChange(chosen.map((word) => word.trim()).filter(Boolean))}
    renderInput={(params) => (
      <TextField
        {...params}
        label={label}
        helperText={field.of === null ? `${hint}. Enter adds a word` : hint}
      />
    )}
  />
);
