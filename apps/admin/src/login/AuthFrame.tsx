import { Box, Card, Typography } from '@mui/material';
import type { ReactNode } from 'react';
import { Notification } from 'react-admin';
import { BrandMark } from '../layout/BrandMark.js';

interface AuthFrameProps {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

/** What the pages before sign-in share: the mark, one card, a few words. */
export const AuthFrame = ({ title, text, children }: AuthFrameProps) => (
  <Box
    component="main"
    sx={{
      minHeight: '100vh',
      bgcolor: 'background.default',
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'center',
      justifyContent: 'center',
      gap: 3,
      p: 2,
    }}
  >
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
      <BrandMark size={40} />
      <Typography variant="h4" component="p">
        Spillway
      </Typography>
    </Box>
    <Card sx={{ width: '100%', maxWidth: 400, p: 3.5 }}>
      <Typography variant="h5" component="h1" gutterBottom>
        {title}
      </Typography>
      <Typography color="textSecondary" sx={{ mb: 2 }}>
        {text}
      </Typography>
      {children}
    </Card>
    <Typography variant="caption" color="textSecondary">
      Local first. The cloud only where you allow it.
    </Typography>
    <Notification />
  </Box>
);
