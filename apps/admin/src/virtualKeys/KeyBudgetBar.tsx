import { BudgetBar } from '../budgets/BudgetBar.js';
import type { VirtualKey } from './VirtualKey.js';

/** What a key has spent of its budget. */
export const KeyBudgetBar = ({ virtualKey }: { readonly virtualKey: VirtualKey }) => (
  <BudgetBar {...virtualKey} label={`Share of the budget of ${virtualKey.name} that is used`} />
);
