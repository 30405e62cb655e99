import { Box, Typography } from '@mui/material';
import type { Warning } from '../warnings/groupWarnings.js';
import { WarningList } from '../warnings/WarningList.js';

export const warningsHint = 'What the target could not be told in the caller’s own words.';

/** What a translation lost on the way to one target; of the one that answered, the caller got it in a header. */
export const AttemptWarnings = ({ warnings }: { readonly warnings: readonly Warning[] }) =>
  warnings.length === 0 ? null : (
    <Box sx={{ mt: 1.5 }}>
      <Typography variant="body2" sx={{ fontWeight: 600 }} title={warningsHint}>
        {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
      </Typography>
      <WarningList warnings={warnings} />
    </Box>
  );
