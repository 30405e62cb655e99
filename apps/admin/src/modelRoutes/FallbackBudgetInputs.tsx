import { Box, Typography } from '@mui/material';
import { useRecordContext } from 'react-admin';
import { BudgetWindowInput } from '../budgets/BudgetWindowInput.js';
import { UsdInput } from '../inputs/UsdInput.js';
import type { ModelRoute } from './ModelRoute.js';
import { RouteFallbackBar } from './RouteFallbackBar.js';

/** What the paid targets of a route may cost together, with what they have cost. */
export const FallbackBudgetInputs = () => (
  <>
    <UsdInput
      source="fallbackBudgetNanos"
      label="Fallback budget in US dollars (optional)"
      helperText="For all keys together, beside the budget of each. Empty = no limit; 0 = nothing that costs money"
    />
    <BudgetWindowInput source="fallbackBudgetWindow" defaultValue="month" />
    <SpentSoFar />
  </>
);

/** Nothing for a route that is only being made. */
const SpentSoFar = () => {
  const route = useRecordContext<ModelRoute>();
  if (route?.id === undefined) return null;
  return (
    <Box sx={{ mt: 1 }}>
      <Typography variant="caption" color="textSecondary">
        Spent in this window
      </Typography>
      <RouteFallbackBar route={route} />
    </Box>
  );
};
