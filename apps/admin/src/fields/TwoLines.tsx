import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

interface TwoLinesProps {
  readonly first: ReactNode;
  readonly second: ReactNode;
  /** Pixels, the same everywhere or less on a narrow window. */
  readonly maxWidth?: number | { readonly xs: number; readonly lg: number };
}

/** A table cell with the main thing on top and its circumstances below, both cut to one line. */
export const TwoLines = ({ first, second, maxWidth = 240 }: TwoLinesProps) => (
  <Box sx={{ maxWidth, minWidth: 0 }}>
    <Typography variant="body2" component="div" noWrap>
      {first}
    </Typography>
    <Typography variant="caption" component="div" color="textSecondary" noWrap>
      {second}
    </Typography>
  </Box>
);
