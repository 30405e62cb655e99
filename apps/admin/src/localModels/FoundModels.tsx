import { Box, Chip, Typography } from '@mui/material';
import { LinkBase } from 'react-admin';
import { useAdoptFind } from '../discovery/useAdoptFind.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { usePolled } from '../providers/usePolled.js';

const readDiscovery = (provider: SpillwayDataProvider) => provider.discovery();

/** More would bury the form; the discovery page has them all. */
const shownFinds = 8;

/** Models found on this machine; choosing one makes it callable, with all settings as they usually are. */
export const FoundModels = () => {
  const { value: discovery } = usePolled(readDiscovery, null);
  const { busyId, adopt } = useAdoptFind();
  const finds = (discovery?.models ?? []).filter(({ engines }) => engines.length > 0);
  if (finds.length === 0) return null;
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1, mb: 2 }}>
      <Typography variant="body2" color="textSecondary">
        Found on this machine, one click to use it
      </Typography>
      {finds.slice(0, shownFinds).map((find) => (
        <Chip
          key={find.id}
          label={find.name}
          title={find.modelPath ?? find.endpoint ?? undefined}
          clickable
          variant="outlined"
          disabled={busyId !== null}
          onClick={() => adopt(find)}
        />
      ))}
      {finds.length > shownFinds ? (
        <Chip label="all" clickable component={LinkBase} to="/discovery" />
      ) : null}
    </Box>
  );
};
