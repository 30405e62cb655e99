import { Box, Typography } from '@mui/material';
import { formatUsd } from '../format/formatCost.js';
import { formatTokens } from '../format/formatTokens.js';
import { Section } from '../layout/Section.js';
import type { DashboardFigures } from './DashboardFigures.js';

interface ShareProps {
  readonly name: string;
  readonly colour: string;
  readonly share: number;
  readonly detail: string;
}

const Share = ({ name, colour, share, detail }: ShareProps) => (
  <Box>
    <Box sx={{ display: 'flex', alignItems: 'baseline', gap: 1 }}>
      <Box sx={{ width: 10, height: 10, borderRadius: 0.5, bgcolor: colour }} />
      <Typography variant="subtitle2" sx={{ flex: 1 }}>
        {name}
      </Typography>
      <Typography variant="subtitle2">{Math.round(share * 100)}%</Typography>
    </Box>
    <Typography variant="caption" color="textSecondary" component="p" sx={{ ml: 2.25 }}>
      {detail}
    </Typography>
  </Box>
);

/** How the answered requests divide between this machine and providers. */
export const LocalVsCloud = ({ figures }: { readonly figures: DashboardFigures }) => {
  const { local, cloud } = figures;
  const answered = local.requests + cloud.requests;
  if (answered === 0) {
    return (
      <Section title="Local and cloud">
        <Typography variant="body2" color="textSecondary">
          Nothing was answered in this time.
        </Typography>
      </Section>
    );
  }
  const localShare = local.requests / answered;
  return (
    <Section title="Local and cloud" hint="Of the requests that were answered.">
      <Box
        role="img"
        aria-label={`${Math.round(localShare * 100)}% of the requests were answered on this machine`}
        sx={{
          display: 'flex',
          gap: '2px',
          height: 14,
          borderRadius: 1,
          overflow: 'hidden',
          mb: 2.5,
        }}
      >
        <Box sx={{ bgcolor: 'primary.main', flexGrow: local.requests }} />
        <Box sx={{ bgcolor: 'secondary.main', flexGrow: cloud.requests }} />
      </Box>
      <Box sx={{ display: 'grid', gap: 2 }}>
        <Share
          name="This machine"
          colour="primary.main"
          share={localShare}
          detail={`${formatTokens(local.inputTokens)} tokens in, ${formatTokens(local.outputTokens)} out, free`}
        />
        <Share
          name="Cloud"
          colour="secondary.main"
          share={1 - localShare}
          detail={`${formatTokens(cloud.inputTokens)} tokens in, ${formatTokens(cloud.outputTokens)} out, ${
            cloud.costNanos === null ? 'cost unknown' : formatUsd(cloud.costNanos)
          }`}
        />
      </Box>
    </Section>
  );
};
