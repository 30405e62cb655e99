import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

interface FoundRowProps {
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  /** What can be done with it; stands at the right. */
  readonly action?: ReactNode;
}

export const FoundRow = ({ title, detail, action }: FoundRowProps) => (
  <Box
    sx={{
      display: 'flex',
      alignItems: 'center',
      gap: 2,
      py: 1,
      '& + &': { borderTop: 1, borderColor: 'divider' },
    }}
  >
    <Box sx={{ flex: 1, minWidth: 0 }}>
      <Typography variant="body2" component="div" sx={{ overflowWrap: 'anywhere' }}>
        {title}
      </Typography>
      {detail === undefined ? null : (
        <Typography
          variant="caption"
          component="div"
          color="textSecondary"
          sx={{ overflowWrap: 'anywhere' }}
        >
          {detail}
        </Typography>
      )}
    </Box>
    <Box sx={{ typography: 'body2', flex: 'none' }}>{action}</Box>
  </Box>
);
