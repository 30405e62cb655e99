import { Box, Button, Chip, Typography } from '@mui/material';
import { useState } from 'react';
import { Mono } from '../fields/Mono.js';
import { groupWarnings, type Warning, type WarningGroup } from './groupWarnings.js';

/** More places than this are shown when asked for. */
const shownPaths = 8;

/** What a translation changed: what happened, why, and at which places. */
export const WarningList = ({ warnings }: { readonly warnings: readonly Warning[] }) => (
  <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
    {groupWarnings(warnings).map((group) => (
      <Box
        component="li"
        key={`${group.code} ${group.detail ?? ''}`}
        sx={{
          display: 'grid',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: '96px minmax(0, 1fr)' },
          gap: { xs: 0.5, sm: 1.5 },
          py: 1,
          '& + &': { borderTop: 1, borderColor: 'divider' },
        }}
      >
        <Box>
          <Chip
            size="small"
            variant="outlined"
            label={group.code}
            color={group.code === 'dropped' ? 'warning' : 'default'}
          />
        </Box>
        <Explanation group={group} />
      </Box>
    ))}
  </Box>
);

const Explanation = ({ group: { detail, paths } }: { readonly group: WarningGroup }) => {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? paths : paths.slice(0, shownPaths);
  const rest = paths.length - shown.length;
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="body2" component="div" sx={{ '& > * + *': { ml: 1.25 } }}>
        {shown.map((path, index) => (
          <Mono key={`${index} ${path}`} isBreakable>
            {path}
          </Mono>
        ))}
        {rest > 0 ? (
          <Button size="small" onClick={() => setIsWhole(true)} sx={{ py: 0, minWidth: 0 }}>
            and {rest} more
          </Button>
        ) : null}
      </Typography>
      {detail === null ? null : (
        <Typography variant="body2" color="textSecondary">
          {detail}
        </Typography>
      )}
    </Box>
  );
};
