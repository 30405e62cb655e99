import { Box, LinearProgress, Typography } from '@mui/material';
import { formatUsd } from '../format/formatCost.js';
import { budgetWindows, type BudgetWindow } from './budgetWindows.js';

interface BudgetBarProps {
  /** Read out to those who do not see the bar. */
  readonly label: string;
  /** null = no limit. */
  readonly budgetNanos: number | null;
  readonly budgetWindow: BudgetWindow;
  readonly spentNanos: number;
  readonly heldNanos: number;
}

function colourOf(share: number): 'primary' | 'warning' | 'error' {
  if (share >= 0.99) return 'error';
  return share >= 0.8 ? 'warning' : 'primary';
}

/** What has been spent in the present window, and of what. Held money counts: it is promised already. */
export const BudgetBar = (props: BudgetBarProps) => {
  const { label, budgetNanos, budgetWindow, spentNanos, heldNanos } = props;
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
        aria-label={label}
        sx={{ height: 5, borderRadius: 3, my: 0.4 }}
      />
      <Typography variant="caption" color="textSecondary">
        {windowName}
      </Typography>
    </Box>
  );
};
