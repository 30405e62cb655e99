import { Typography } from '@mui/material';
import type { ReactNode } from 'react';

/** One or two sentences below the heading that say what the page is for. */
export const PageIntro = ({ children }: { readonly children: ReactNode }) => (
  <Typography variant="body2" color="textSecondary" sx={{ maxWidth: 760, mb: 1 }}>
    {children}
  </Typography>
);
