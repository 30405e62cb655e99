import { BudgetWindowInput } from '../budgets/BudgetWindowInput.js';
import { FormSection } from '../inputs/FormSection.js';
import { UsdInput } from '../inputs/UsdInput.js';

/** What a key may spend, and what of it in place of local models. */
export const BudgetInputs = () => (
  <>
    <FormSection
      title="Budget"
      hint="A request that would go beyond it is refused before it is sent."
    >
      <UsdInput
        source="budgetNanos"
        label="Budget in US dollars (optional)"
        helperText="Empty = no limit; 0 = nothing that costs money"
      />
      <BudgetWindowInput source="budgetWindow" defaultValue="total" />
    </FormSection>
    <FormSection
      title="Fallback budget"
      hint="The part of it that may go to paid targets of routes that have a local one as well. Beyond it those targets are passed over; routes to the cloud alone are not touched."
    >
      <UsdInput
        source="fallbackBudgetNanos"
        label="Fallback budget in US dollars (optional)"
        helperText="Empty = as much as the budget allows; 0 = never in place of a local model"
      />
      <BudgetWindowInput source="fallbackBudgetWindow" defaultValue="month" />
    </FormSection>
  </>
);
