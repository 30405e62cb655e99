import { Typography } from '@mui/material';
import { FactGrid } from '../fields/FactGrid.js';
import { TimeField } from '../fields/TimeField.js';
import { CopyBlock } from '../layout/CopyBlock.js';
import { Section } from '../layout/Section.js';
import type { InstanceExit } from './Instance.js';

/** How the process ended, with its last words: usually all that is needed to mend it. */
export const ExitRecord = ({ exit }: { readonly exit: InstanceExit }) => (
  <Section title="How it ended">
    <Typography variant="body2" sx={{ mb: 2 }}>
      {exit.message}
    </Typography>
    <FactGrid
      facts={[
        { name: 'When', value: <TimeField source="endedAt" /> },
        { name: 'Reason', value: exit.reason },
        { name: 'Exit code', value: exit.code ?? 'none' },
        { name: 'Signal', value: exit.signal ?? 'none' },
      ]}
    />
    {exit.lastLines.length === 0 ? null : (
      <>
        <Typography variant="subtitle2" sx={{ mt: 2, mb: 1 }}>
          Last lines
        </Typography>
        <CopyBlock text={exit.lastLines.join('\n')} label="Copy the last lines" />
      </>
    )}
  </Section>
);
