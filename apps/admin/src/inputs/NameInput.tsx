import { regex, required, TextInput } from 'react-admin';

interface NameInputProps {
  readonly label?: string;
  readonly helperText: string;
  readonly pattern: RegExp;
  /** Says which characters may be used. */
  readonly patternHint: string;
}

/** The unique name of a record, in the characters the API accepts. */
export const NameInput = ({ label = 'Name', helperText, pattern, patternHint }: NameInputProps) => (
  <TextInput
    source="name"
    label={label}
    helperText={helperText}
    validate={[required(), regex(pattern, patternHint)]}
    autoComplete="off"
    slotProps={{ htmlInput: { spellCheck: false } }}
  />
);
