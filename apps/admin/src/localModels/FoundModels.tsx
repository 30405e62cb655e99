import { Box, Chip, Typography } from '@mui/material';
import { LinkBase } from 'react-admin';
import { prefilledCreatePath } from '../inputs/prefilledCreatePath.js';
import { usePolled } from '../providers/usePolled.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { suggestLocalModels } from './suggestLocalModels.js';

const readDiscovery = (provider: SpillwayDataProvider) => provider.discovery();

/** More would bury the form; the discovery page has them all. */
const shownSuggestions = 8;

/** Models found on this machine; choosing one fills the form. */
export const FoundModels = () => {
  const { value: discovery } = usePolled(readDiscovery, null);
  const suggestions = discovery === null ? [] : suggestLocalModels(discovery);
  if (suggestions.length === 0) return null;
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1, mb: 2 }}>
      <Typography variant="body2" color="textSecondary">
        Found on this machine
      </Typography>
      {suggestions.slice(0, shownSuggestions).map((suggestion) => (
        <Chip
          key={`${suggestion.endpoint ?? ''}${suggestion.modelPath ?? ''}${suggestion.name}`}
          label={suggestion.name}
          title={suggestion.modelPath ?? suggestion.endpoint}
          clickable
          variant="outlined"
          component={LinkBase}
          to={prefilledCreatePath('local-models', { ...suggestion })}
        />
      ))}
      {suggestions.length > shownSuggestions ? (
        <Chip label="all" clickable component={LinkBase} to="/discovery" />
      ) : null}
    </Box>
  );
};
