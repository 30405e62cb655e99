import { Box, Tab, Tabs, Typography } from '@mui/material';
import { useState } from 'react';
import { CopyBlock } from '../layout/CopyBlock.js';
import { Section } from '../layout/Section.js';
import { toClientSnippets } from './clientSnippets.js';
import { SetupChecklist } from './SetupChecklist.js';
import { useProgress } from './useProgress.js';

/** Stands where the key goes: the panel does not know the secret of any key. */
const keyPlaceholder = 'sk-sw-…';

const arrowPx = 20;

/** What is left to set up, and how programs are pointed at the gateway. */
export const FirstSteps = ({ hasRequests }: { readonly hasRequests: boolean }) => {
  const progress = useProgress();
  const [chosen, setChosen] = useState(0);
  const snippets = toClientSnippets({
    origin: window.location.origin,
    model: progress.routeName ?? 'your-route',
    secret: keyPlaceholder,
  });
  const snippet = snippets[chosen];
  return (
    <Section
      title={hasRequests ? 'Connect a program' : 'First steps'}
      hint="Programs keep their SDK; only the address, the key and the model name change."
    >
      {hasRequests || !progress.isKnown ? null : <SetupChecklist progress={progress} />}
      <Tabs
        value={chosen}
        onChange={(_event, index: number) => setChosen(index)}
        aria-label="Program"
        variant="scrollable"
        scrollButtons
        sx={{
          mb: 1.5,
          // The arrows stand in the section's padding, so that the first tab begins where the text below does. They must keep
          // their place where they lead nowhere: one that comes and goes has the tabs scroll back at once.
          mx: { sm: `${-arrowPx}px` },
          '& .MuiTabs-scrollButtons': { width: arrowPx },
          borderBottom: 1,
          borderColor: 'divider',
          '& .MuiTab-root': { minWidth: 0, px: 1.5 },
        }}
      >
        {snippets.map(({ name }) => (
          <Tab key={name} label={name} />
        ))}
      </Tabs>
      {snippet === undefined ? null : (
        <Box role="tabpanel" aria-label={snippet.name}>
          <Typography variant="body2" color="textSecondary" sx={{ mb: 1 }}>
            {snippet.hint}
          </Typography>
          <CopyBlock text={snippet.text} label={`Copy for ${snippet.name}`} />
        </Box>
      )}
    </Section>
  );
};
