import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { Typography } from '@mui/material';
import { useGetList } from 'react-admin';
import { toCurl } from '../clients/clientSnippets.js';
import { CopyBlock } from '../layout/CopyBlock.js';
import type { ModelRoute } from '../modelRoutes/ModelRoute.js';
import type { CreatedKey } from './VirtualKey.js';

interface KeySecretDialogProps {
  readonly createdKey: CreatedKey;
  readonly onClose: () => void;
}

/** A route the new key may use, to make the example work as it stands. */
function useExampleRoute(key: CreatedKey): string {
  const { data } = useGetList<ModelRoute>('model-routes', {
    pagination: { page: 1, perPage: 1 },
    sort: { field: 'name', order: 'ASC' },
  });
  return key.allowedRoutes?.[0] ?? data?.[0]?.name ?? 'your-route';
}

/** Shows the secret of a new key, once; only its button closes it. */
export const KeySecretDialog = ({ createdKey, onClose }: KeySecretDialogProps) => {
  const model = useExampleRoute(createdKey);
  const { origin } = window.location;
  return (
    <Dialog open fullWidth maxWidth="md" aria-labelledby="key-secret-title">
      <DialogTitle id="key-secret-title">The key “{createdKey.name}” is ready</DialogTitle>
      <DialogContent>
        <Alert severity="warning" sx={{ mb: 2 }}>
          Copy it now. Only a fingerprint of it is stored, so it cannot be shown again.
        </Alert>
        <CopyBlock text={createdKey.secret} label="Copy the key" />
        <Typography variant="subtitle2" sx={{ mt: 3, mb: 1 }}>
          Try it
        </Typography>
        <CopyBlock
          text={toCurl({ origin, model, secret: createdKey.secret })}
          label="Copy the command"
        />
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button variant="contained" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </Dialog>
  );
};
