import { Box, Card, Typography } from '@mui/material';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  /** What belongs here and why one would want it. */
  readonly children: ReactNode;
  /** The button that fills the page. */
  readonly action?: ReactNode;
}

/** What a list shows while it has nothing: never a blank page, always the next step. */
export const EmptyState = ({ icon, title, children, action }: EmptyStateProps) => (
  <Card sx={{ p: 6, textAlign: 'center', mt: 2 }}>
    <Box sx={{ color: 'primary.main', mb: 1, '& svg': { fontSize: 44 } }}>{icon}</Box>
    <Typography variant="h6" gutterBottom>
      {title}
    </Typography>
    <Typography color="textSecondary" sx={{ maxWidth: 520, mx: 'auto', mb: action ? 3 : 0 }}>
      {children}
    </Typography>
    {action}
  </Card>
);
