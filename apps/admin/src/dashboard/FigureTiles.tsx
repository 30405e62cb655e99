import { Box, Card, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { formatUsd } from '../format/formatCost.js';
import { formatTokens } from '../format/formatTokens.js';
import type { DashboardFigures } from './DashboardFigures.js';

interface TileProps {
  readonly name: string;
  readonly figure: ReactNode;
  readonly detail: ReactNode;
}

const Tile = ({ name, figure, detail }: TileProps) => (
  <Card sx={{ px: 2.5, py: 2, minWidth: 0 }}>
    <Typography variant="body2" color="textSecondary">
      {name}
    </Typography>
    <Typography variant="h4" component="p" noWrap sx={{ my: 0.25 }}>
      {figure}
    </Typography>
    <Typography variant="caption" color="textSecondary" component="p">
      {detail}
    </Typography>
  </Card>
);

export const FigureTiles = ({ figures }: { readonly figures: DashboardFigures }) => (
  <Box
    sx={{
      display: 'grid',
      gap: 2.5,
      gridTemplateColumns: {
        xs: 'repeat(2, minmax(0, 1fr))',
        lg: 'repeat(4, minmax(0, 1fr))',
      },
    }}
  >
    <Tile
      name="Requests"
      figure={formatTokens(figures.requests)}
      detail={figures.failed === 0 ? 'none failed' : `${formatTokens(figures.failed)} failed`}
    />
    <Tile
      name="Tokens"
      figure={formatTokens(figures.inputTokens + figures.outputTokens)}
      detail={`${formatTokens(figures.inputTokens)} in, ${formatTokens(figures.outputTokens)} out`}
    />
    <Tile name="Cost" figure={costFigure(figures)} detail={costDetail(figures)} />
    <Tile
      name="Stayed on this machine"
      figure={localFigure(figures)}
      detail={localDetail(figures)}
    />
  </Box>
);

/** A sum that leaves out requests of unknown cost is a lower bound, and says so. */
function costFigure({ costNanos, unknownCostRequests }: DashboardFigures): string {
  if (costNanos === null) return 'unknown';
  return `${unknownCostRequests > 0 ? '≥ ' : ''}${formatUsd(costNanos)}`;
}

function costDetail({ unknownCostRequests }: DashboardFigures): string {
  if (unknownCostRequests === 0) return 'the cost of every request is known';
  return `without ${formatTokens(unknownCostRequests)} of unknown cost`;
}

function localFigure({ local, cloud }: DashboardFigures): string {
  const answered = local.requests + cloud.requests;
  return answered === 0 ? '–' : `${Math.round((local.requests / answered) * 100)}%`;
}

function localDetail({ local, cloud }: DashboardFigures): string {
  return `${formatTokens(local.requests)} local, ${formatTokens(cloud.requests)} cloud`;
}
