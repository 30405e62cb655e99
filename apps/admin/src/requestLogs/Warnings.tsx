import { Box, Typography } from '@mui/material';
import { Mono } from '../fields/Mono.js';
import { Section } from '../layout/Section.js';
import type { RequestWarning } from './RequestLog.js';

/** What could not be carried over between the dialects; the caller got the same in a header. */
export const Warnings = ({ warnings }: { readonly warnings: readonly RequestWarning[] }) => (
  <Section title="Warnings" hint="What the target could not be told in the caller’s own words.">
    <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
      {warnings.map((warning, index) => (
        <Typography key={index} component="li" variant="body2" sx={{ py: 0.25 }}>
          <Mono>{[warning.code, warning.path].filter(Boolean).join(' · ')}</Mono>
          {warning.detail === null ? '' : ` ${warning.detail}`}
        </Typography>
      ))}
    </Box>
  </Section>
);
