import { BudgetBar } from '../budgets/BudgetBar.js';
import type { ModelRoute } from './ModelRoute.js';

/** What the paid targets of a route have cost in the present window, and of what. */
export const RouteFallbackBar = ({ route }: { readonly route: ModelRoute }) => (
  <BudgetBar
    label={`Share of the fallback budget of ${route.name} that is used`}
    budgetNanos={route.fallbackBudgetNanos}
    budgetWindow={route.fallbackBudgetWindow}
    spentNanos={route.fallbackSpentNanos}
    heldNanos={route.fallbackHeldNanos}
  />
);
