import AddIcon from '@mui/icons-material/Add';
import { Box, Button, Typography } from '@mui/material';
import { useCanAccess } from 'react-admin';
import { AddButton } from './AddButton.js';
import type { FoundModel } from './Discovery.js';
import { useAdoptFind } from './useAdoptFind.js';

/** Makes a find callable at once, or by way of the form; says what is missing where nothing can serve it. */
export const AdoptButton = ({ find }: { readonly find: FoundModel }) => {
  const { canAccess } = useCanAccess({ resource: 'local-models', action: 'create' });
  const { busyId, adopt } = useAdoptFind();
  const [engine] = find.engines;
  if (engine === undefined)
    return (
      <Typography variant="caption" color="textSecondary">
        needs an engine
      </Typography>
    );
  if (canAccess !== true) return null;
  const { name, modelPath, endpoint, upstreamModel } = find;
  const place = Object.entries({ modelPath, endpoint, upstreamModel }).filter(
    ([, value]) => value !== null,
  );
  return (
    <Box sx={{ display: 'flex', gap: 1, flex: 'none' }}>
      <Button
        size="small"
        startIcon={<AddIcon />}
        loading={busyId !== null}
        onClick={() => adopt(find)}
      >
        Use it
      </Button>
      <AddButton
        resource="local-models"
        fields={{ name, engine, ...Object.fromEntries(place) }}
        label="Change first"
      />
    </Box>
  );
};
