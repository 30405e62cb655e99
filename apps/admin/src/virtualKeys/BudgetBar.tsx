import { Box, LinearProgress, Typography } from '@mui/material';
import { formatUsd } from '../format/formatCost.js';
import { budgetWindows, type VirtualKey } from './VirtualKey.js';

function colourOf(share: number): 'primary' | 'warning' | 'error' {
  if (share >= 0.99) return 'error';
  return share >= 0.8 ? 'warning' : 'primary';
}

/** What a key has spent in the present window, and of what. Held money counts: it is promised already. */
export const BudgetBar = ({ virtualKey }: { readonly virtualKey: VirtualKey }) => {
  const { budgetNanos, budgetWindow, spentNanos, heldNanos } = virtualKey;
  const windowName = budgetWindows.find(({ id }) => id === budgetWindow)?.name ?? budgetWindow;
  if (typeof budgetNanos !== 'number') {
    return <Typography variant="body2">{formatUsd(spentNanos)}, no limit</Typography>;
  }
  const share = budgetNanos === 0 ? 1 : Math.min(1, (spentNanos + heldNanos) / budgetNanos);
  const held = heldNanos > 0 ? `, ${formatUsd(heldNanos)} more held for running requests` : '';
  return (
    <Box sx={{ minWidth: 150, maxWidth: 220 }} title={`${formatUsd(spentNanos)} spent${held}`}>
      <Typography variant="body2" noWrap>
        {formatUsd(spentNanos)} of {formatUsd(budgetNanos)}
      </Typography>
      <LinearProgress
        variant="determinate"
        value={share * 100}
        color={colourOf(share)}
        aria-label={`Share of the budget of ${virtualKey.name} that is used`}
        sx={{ height: 5, borderRadius: 3, my: 0.4 }}
      />
      <Typography variant="caption" color="textSecondary">
        {windowName}
      </Typography>
    </Box>
  );
};
