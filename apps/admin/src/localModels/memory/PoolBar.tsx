import { Box, LinearProgress, Typography } from '@mui/material';
import { formatBytes } from '../../format/formatBytes.js';
import type { MemoryPool } from './LocalResources.js';
import { poolName, shareOf } from './poolShare.js';

/** What is given out of one kind of memory. */
export const PoolBar = ({ pool }: { readonly pool: MemoryPool }) => {
  const { budgetBytes, reservedBytes, freeBytes } = pool;
  const share = shareOf(pool);
  const name = poolName(pool.pool);
  return (
    <Box sx={{ width: 260, maxWidth: '100%' }}>
      <Typography variant="body2" noWrap>
        {name}: {formatBytes(reservedBytes)} of {formatBytes(budgetBytes)}
      </Typography>
      <LinearProgress
        variant="determinate"
        value={share * 100}
        color={share >= 1 ? 'warning' : 'primary'}
        aria-label={`Share of ${name} that models hold`}
        sx={{ height: 6, borderRadius: 3, my: 0.5 }}
      />
      <Typography variant="caption" color="textSecondary">
        {freeBytes === null ? 'free memory unknown' : `${formatBytes(freeBytes)} free right now`}
      </Typography>
    </Box>
  );
};
