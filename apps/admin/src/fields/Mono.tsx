import { Box } from '@mui/material';
import type { ReactNode } from 'react';
import { monospace } from '../layout/theme.js';

interface MonoProps {
  readonly children: ReactNode;
  /** Long paths and addresses may break anywhere instead of widening the page. */
  readonly isBreakable?: boolean;
}

/** A name or address as it is typed into programs. */
export const Mono = ({ children, isBreakable = false }: MonoProps) => (
  <Box
    component="span"
    sx={{
      fontFamily: monospace,
      fontSize: '0.93em',
      ...(isBreakable && { overflowWrap: 'anywhere' }),
    }}
  >
    {children}
  </Box>
);
