import { required, SelectInput } from 'react-admin';
import { budgetWindows, type BudgetWindow } from './budgetWindows.js';

interface BudgetWindowInputProps {
  readonly source: string;
  readonly defaultValue: BudgetWindow;
}

/** What a budget is counted over. */
export const BudgetWindowInput = (props: BudgetWindowInputProps) => (
  <SelectInput
    {...props}
    label="Counted"
    choices={[...budgetWindows]}
    validate={required()}
    helperText={false}
  />
);
