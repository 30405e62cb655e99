import { Box, Chip, Typography } from '@mui/material';
import { LinkBase } from 'react-admin';
import { prefilledCreatePath } from '../inputs/prefilledCreatePath.js';
import { providerPresets } from './providerPresets.js';

/** Fills the form with a well-known service; only the key is left to be typed. */
export const ProviderPresets = () => (
  <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1, mb: 2 }}>
    <Typography variant="body2" color="textSecondary">
      Start from
    </Typography>
    {providerPresets.map(({ title, ...fields }) => (
      <Chip
        key={title}
        label={title}
        clickable
        variant="outlined"
        component={LinkBase}
        to={prefilledCreatePath('providers', fields)}
      />
    ))}
  </Box>
);
