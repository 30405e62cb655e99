import { Box, Typography } from '@mui/material';
import { Mono } from '../fields/Mono.js';
import { OriginChip } from '../fields/OriginChip.js';
import { furtherModel, targetName } from '../fields/targetName.js';
import { TwoLines } from '../fields/TwoLines.js';
import type { RequestLog } from './RequestLog.js';

/** Who answered, with where that is; a dash for a request nobody answered. */
export const ServedBy = ({ request }: { readonly request: RequestLog }) => {
  const { servedKind, servedBy, servedModel } = request;
  if (servedKind === null) {
    return <Typography color="textSecondary">–</Typography>;
  }
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      <Box sx={{ '& .MuiChip-label': { display: { xs: 'none', lg: 'block' } } }}>
        <OriginChip kind={servedKind} />
      </Box>
      <TwoLines
        maxWidth={{ xs: 105, lg: 150 }}
        first={<Mono>{targetName(servedBy ?? '–')}</Mono>}
        second={furtherModel(servedBy ?? '', servedModel) ?? ''}
      />
    </Box>
  );
};
