import { BudgetBar } from '../budgets/BudgetBar.js';
import type { VirtualKey } from './VirtualKey.js';

/** What a key has spent in place of local models. */
export const KeyFallbackBar = ({ virtualKey }: { readonly virtualKey: VirtualKey }) => (
  <BudgetBar
    label={`Share of the fallback budget of ${virtualKey.name} that is used`}
    budgetNanos={virtualKey.fallbackBudgetNanos}
    budgetWindow={virtualKey.fallbackBudgetWindow}
    spentNanos={virtualKey.fallbackSpentNanos}
    heldNanos={virtualKey.fallbackHeldNanos}
  />
);
