import { Box, Typography } from '@mui/material';
import type { ReactNode } from 'react';

interface FormSectionProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}

/** A group of inputs: what it is about at the left, the inputs at the right; stacked when narrow. */
export const FormSection = ({ title, hint, children }: FormSectionProps) => (
  <Box
    component="fieldset"
    sx={{
      border: 0,
      m: 0,
      p: 0,
      py: 2.5,
      minWidth: 0,
      width: '100%',
      display: 'grid',
      columnGap: 5,
      gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 260px) minmax(0, 640px)' },
      '& + &': { borderTop: 1, borderColor: 'divider' },
    }}
  >
    <Box sx={{ mb: 1 }}>
      <Typography component="legend" variant="subtitle2" sx={{ p: 0 }}>
        {title}
      </Typography>
      {hint === undefined ? null : (
        <Typography variant="body2" color="textSecondary">
          {hint}
        </Typography>
      )}
    </Box>
    <Box sx={{ minWidth: 0 }}>{children}</Box>
  </Box>
);
