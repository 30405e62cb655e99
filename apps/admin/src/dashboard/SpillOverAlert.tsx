import { Alert } from '@mui/material';
import { useNow } from '../fields/useNow.js';
import { formatUsd } from '../format/formatCost.js';
import { formatTime } from '../format/formatTime.js';
import type { SpillOverAlarm } from './DashboardFigures.js';

export const SpillOverAlert = ({ alarm }: { readonly alarm: SpillOverAlarm }) => {
  const { requests, spilled, costNanos, unknownCosts, sinceMs } = alarm;
  const unknown = unknownCosts === 0 ? '' : `, and ${unknownCosts} requests of unknown cost`;
  return (
    <Alert severity="warning">
      {`More goes to paid providers than the limits of this host allow for, since ${formatTime(sinceMs, useNow())}: in the last hour they answered ${spilled} of ${requests} requests that could have stayed local, and cost ${formatUsd(costNanos)}${unknown}.`}
    </Alert>
  );
};
