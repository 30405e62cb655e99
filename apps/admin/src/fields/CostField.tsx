import { Typography } from '@mui/material';
import { useRecordContext } from 'react-admin';
import { formatCost, type CostStatus } from '../format/formatCost.js';

interface Costed {
  readonly id: string;
  readonly costNanos: number | null;
  readonly costStatus: CostStatus;
}

const explanations: Record<CostStatus, string> = {
  exact: 'Computed from the usage the provider reported and a known price.',
  estimated: 'The provider did not report all of the usage, so part of it is an estimate.',
  unknown: 'No price is known for this model, or the usage was never reported.',
  free: 'Served by hardware that costs nothing per request.',
};

/** The cost of a request or attempt; an unknown one says so and is never a zero. */
export const Cost = ({ costNanos, costStatus }: Omit<Costed, 'id'>) => {
  const isFigure = costNanos !== null && (costStatus === 'exact' || costStatus === 'estimated');
  return (
    <Typography
      component="span"
      variant="body2"
      noWrap
      title={explanations[costStatus]}
      color={isFigure ? 'textPrimary' : 'textSecondary'}
      sx={{ fontStyle: costStatus === 'unknown' ? 'italic' : 'normal' }}
    >
      {formatCost(costNanos, costStatus)}
    </Typography>
  );
};

/** `Cost` of the request at hand. */
export const CostField = () => {
  const request = useRecordContext<Costed & { readonly attemptCount?: number }>();
  if (request === undefined) return null;
  // nobody was asked, so there is nothing to pay and nothing to wonder about
  if (request.attemptCount === 0) return <span title="Nothing was sent">–</span>;
  return <Cost costNanos={request.costNanos} costStatus={request.costStatus} />;
};
