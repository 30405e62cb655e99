import {
  Button,
  Dialog,
  DialogActions,
  DialogContent,
  DialogContentText,
  DialogTitle,
  TextField,
} from '@mui/material';
import { useState } from 'react';
import { useCanAccess, useDataProvider, useNotify } from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import type { ModelHub } from './ModelDownload.js';

interface HubTokenDialogProps {
  readonly hub: ModelHub;
  readonly onChange: () => void;
}

/** Takes a token in; what is stored is never shown again. */
export const HubTokenDialog = ({ hub, onChange }: HubTokenDialogProps) => {
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const { canAccess } = useCanAccess({ resource: 'model-downloads', action: 'edit' });
  const notify = useNotify();
  const [isOpen, setIsOpen] = useState(false);
  const [token, setToken] = useState('');
  if (canAccess !== true) return null;

  const close = () => {
    setIsOpen(false);
    setToken('');
  };
  const store = (next: string | null) => {
    dataProvider
      .storeHubToken(next)
      .then(() => {
        close();
        onChange();
      })
      .catch((error: unknown) => notify(messageOf(error), { type: 'error' }));
  };

  return (
    <>
      <Button size="small" color="inherit" onClick={() => setIsOpen(true)}>
        {hub.tokenSource === 'stored' ? 'Change token' : 'Add token'}
      </Button>
      <Dialog open={isOpen} onClose={close} fullWidth maxWidth="sm">
        <DialogTitle>Token of the hub</DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ mb: 2 }}>
            It may be one that can only read. It is stored sealed, sent to {hub.url} alone, and
            never shown again.
          </DialogContentText>
          <TextField
            label="Token"
            type="password"
            autoComplete="off"
            fullWidth
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
        </DialogContent>
        <DialogActions>
          {hub.tokenSource === 'stored' ? (
            <Button color="error" onClick={() => store(null)}>
              Remove
            </Button>
          ) : null}
          <Button onClick={close}>Cancel</Button>
          <Button
            variant="contained"
            disabled={token.trim() === ''}
            onClick={() => store(token.trim())}
          >
            Store
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
};
