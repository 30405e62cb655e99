import {
  Alert,
  Button,
  Chip,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  Stack,
  Typography,
} from '@mui/material';
import type { ProviderTestResult } from './Provider.js';

interface ProviderTestDialogProps {
  readonly providerName: string;
  readonly result: ProviderTestResult;
  readonly onClose: () => void;
}

/** Some providers list hundreds; the rest is only counted. */
const shownModels = 40;

export const ProviderTestDialog = ({ providerName, result, onClose }: ProviderTestDialogProps) => (
  // a click in the dialog must not count as one on the table row it was opened from
  <Dialog
    open
    onClose={onClose}
    fullWidth
    maxWidth="sm"
    onClick={(event) => event.stopPropagation()}
  >
    <DialogTitle>Test of {providerName}</DialogTitle>
    <DialogContent>
      <Alert severity={result.ok ? 'success' : 'error'}>{result.message}</Alert>
      {result.models.length > 0 ? <Models models={result.models} /> : null}
    </DialogContent>
    <DialogActions>
      <Button onClick={onClose}>Close</Button>
    </DialogActions>
  </Dialog>
);

const Models = ({ models }: Pick<ProviderTestResult, 'models'>) => (
  <>
    <Typography variant="subtitle2" sx={{ mt: 2.5, mb: 1 }}>
      Models it offers ({models.length})
    </Typography>
    <Stack direction="row" useFlexGap sx={{ flexWrap: 'wrap', gap: 0.75 }}>
      {models.slice(0, shownModels).map((model) => (
        <Chip key={model} size="small" variant="outlined" label={model} />
      ))}
      {models.length > shownModels ? (
        <Chip size="small" label={`and ${models.length - shownModels} more`} />
      ) : null}
    </Stack>
  </>
);
