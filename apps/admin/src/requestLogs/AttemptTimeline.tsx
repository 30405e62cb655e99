import { Box, Stack } from '@mui/material';
import { AttemptFacts } from './AttemptFacts.js';
import { AttemptWarnings } from './AttemptWarnings.js';
import { layOutTimeline, type TimelineBar } from './layOutTimeline.js';
import type { Attempt } from './RequestLog.js';
import { segmentColour, segmentNames } from './segmentStyles.js';
import { formatDuration } from '../format/formatDuration.js';

interface AttemptTimelineProps {
  /** When the request arrived, epoch milliseconds. */
  readonly createdAt: number;
  readonly attempts: readonly Attempt[];
}

/** One bar per attempt on a common scale, each cut into what its time was spent on. */
export const AttemptTimeline = ({ createdAt, attempts }: AttemptTimelineProps) => {
  const { spanMs, bars } = layOutTimeline(createdAt, attempts);
  return (
    <Stack component="ol" sx={{ gap: 3, m: 0, p: 0, listStyle: 'none' }}>
      {bars.map((bar, index) => (
        <Box component="li" key={bar.attempt.id}>
          <AttemptFacts attempt={bar.attempt} number={index + 1} />
          <Bar bar={bar} spanMs={spanMs} />
          <Legend bar={bar} />
          <AttemptWarnings warnings={bar.attempt.warnings} />
        </Box>
      ))}
    </Stack>
  );
};

interface BarProps {
  readonly bar: TimelineBar;
  readonly spanMs: number;
}

function describe({ segments }: TimelineBar): string {
  return segments.map(({ kind, ms }) => `${formatDuration(ms)} ${segmentNames[kind]}`).join(', ');
}

const Bar = ({ bar, spanMs }: BarProps) => (
  <Box
    role="img"
    aria-label={`Time of attempt: ${describe(bar) || 'not known'}`}
    sx={{
      position: 'relative',
      height: 16,
      my: 1,
      borderRadius: 1,
      bgcolor: 'action.hover',
      overflow: 'hidden',
      display: 'flex',
    }}
  >
    <Box sx={{ flex: 'none', width: `${(bar.offsetMs / spanMs) * 100}%` }} />
    {bar.segments.map(({ kind, ms }) => (
      <Box
        key={kind}
        title={`${segmentNames[kind]}: ${formatDuration(ms)}`}
        sx={{
          flex: 'none',
          // a sliver stays visible however short it was
          minWidth: 3,
          width: `${(ms / spanMs) * 100}%`,
          bgcolor: segmentColour(kind, bar.attempt.kind),
        }}
      />
    ))}
  </Box>
);

/** The figures of the bar beside their colours. */
const Legend = ({ bar }: { readonly bar: TimelineBar }) => (
  <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2.5, rowGap: 0.5 }}>
    {bar.segments.map(({ kind, ms }) => (
      <Box
        key={kind}
        sx={{ display: 'flex', alignItems: 'center', gap: 0.75, typography: 'caption' }}
      >
        <Box
          sx={{
            width: 10,
            height: 10,
            borderRadius: 0.5,
            bgcolor: segmentColour(kind, bar.attempt.kind),
          }}
        />
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {segmentNames[kind]}
        </Box>
        {formatDuration(ms)}
      </Box>
    ))}
  </Box>
);
