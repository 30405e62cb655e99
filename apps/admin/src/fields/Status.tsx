import { Box } from '@mui/material';

type Tone = 'success' | 'warning' | 'error' | 'info' | 'text';

/** Outcomes of requests and attempts, and the states of models, instances, downloads and keys. */
const tones: Readonly<Record<string, Tone>> = {
  completed: 'success',
  ready: 'success',
  active: 'success',
  done: 'success',
  running: 'info',
  resolving: 'info',
  checking: 'info',
  downloading: 'info',
  verifying: 'info',
  publishing: 'info',
  waiting: 'warning',
  queued: 'info',
  starting: 'info',
  waking: 'info',
  draining: 'info',
  stopping: 'info',
  reclaiming: 'info',
  suspect: 'warning',
  backoff: 'warning',
  refused: 'warning',
  interrupted: 'warning',
  skipped: 'info',
  expired: 'warning',
  'enter again': 'warning',
  failed: 'error',
  quarantined: 'error',
  unavailable: 'error',
  revoked: 'error',
};

const colours: Record<Tone, string> = {
  success: 'success.main',
  warning: 'warning.main',
  error: 'error.main',
  info: 'info.main',
  text: 'text.secondary',
};

/** A coloured dot and the word; the word alone carries the meaning, the colour only helps the eye. */
export const Status = ({ value, title }: { readonly value: string; readonly title?: string }) => (
  <Box
    component="span"
    title={title}
    sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.9, whiteSpace: 'nowrap' }}
  >
    <Box
      component="span"
      sx={{
        width: 8,
        height: 8,
        flex: 'none',
        borderRadius: '50%',
        bgcolor: colours[tones[value] ?? 'text'],
      }}
    />
    {value}
  </Box>
);
