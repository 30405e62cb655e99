import { Box, Typography } from '@mui/material';
import { AppBar as RaAppBar, Link, type AppBarProps } from 'react-admin';
import { BrandMark } from './BrandMark.js';

export const AppBar = (props: AppBarProps) => (
  <RaAppBar
    {...props}
    color="default"
    elevation={0}
    sx={{ bgcolor: 'background.paper', borderBottom: 1, borderColor: 'divider' }}
  >
    <Link
      to="/"
      underline="none"
      color="inherit"
      sx={{ display: 'flex', alignItems: 'center', gap: 1.25 }}
    >
      <BrandMark size={26} />
      <Typography variant="h6" component="span" sx={{ fontSize: '1.08rem' }}>
        Spillway
      </Typography>
    </Link>
    <Box sx={{ flex: 1 }} />
  </RaAppBar>
);
