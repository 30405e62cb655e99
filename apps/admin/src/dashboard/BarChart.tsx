import { Box, Tooltip, Typography } from '@mui/material';
import { niceCeiling, type StackedBar } from './stackBars.js';

interface BarChartProps {
  readonly label: string;
  readonly bars: readonly StackedBar[];
  readonly formatValue: (value: number) => string;
}

const heightPx = 180;

/** Stacked bars over time, drawn with boxes so that they take any width without being measured. */
export const BarChart = ({ label, bars, formatValue }: BarChartProps) => {
  const sum = bars.reduce((total, bar) => total + bar.total, 0);
  const ceiling = niceCeiling(Math.max(0, ...bars.map(({ total }) => total)));
  return (
    <Box role="img" aria-label={`${label}: ${formatValue(sum)} in all`}>
      <Typography variant="caption" color="textSecondary" component="p" sx={{ minHeight: '1.7em' }}>
        {sum === 0 ? 'Nothing in this time' : formatValue(ceiling)}
      </Typography>
      <Box
        sx={{
          height: heightPx,
          display: 'flex',
          alignItems: 'stretch',
          gap: '2px',
          borderBottom: 1,
          borderColor: 'divider',
          backgroundImage: (theme) =>
            `linear-gradient(${theme.palette.divider} 1px, transparent 1px)`,
          backgroundSize: '100% 50%',
        }}
      >
        {bars.map((bar) => (
          <Bar key={bar.startMs} bar={bar} ceiling={ceiling} formatValue={formatValue} />
        ))}
      </Box>
      <TimeAxis bars={bars} />
    </Box>
  );
};

interface BarProps extends Pick<BarChartProps, 'formatValue'> {
  readonly bar: StackedBar;
  readonly ceiling: number;
}

const Bar = ({ bar, ceiling, formatValue }: BarProps) => (
  <Tooltip title={<BarText bar={bar} formatValue={formatValue} />} placement="top">
    <Box
      sx={{
        flex: 1,
        minWidth: 0,
        display: 'flex',
        flexDirection: 'column-reverse',
        '&:hover': { bgcolor: 'action.hover' },
      }}
    >
      {bar.parts.map(({ name, colour, value }, index) => (
        <Box
          key={name}
          sx={{
            height: `${(value / ceiling) * 100}%`,
            bgcolor: colour,
            ...(index === bar.parts.length - 1 && { borderRadius: '3px 3px 0 0' }),
          }}
        />
      ))}
    </Box>
  </Tooltip>
);

const BarText = ({ bar, formatValue }: Pick<BarProps, 'bar' | 'formatValue'>) => (
  <>
    <div>{formatStart(bar)}</div>
    {bar.parts.length === 0 ? <div>nothing</div> : null}
    {bar.parts.map(({ name, value }) => (
      <div key={name}>
        {formatValue(value)} {name}
      </div>
    ))}
  </>
);

/** The first, the middle and the last moment are enough to read the scale. */
const TimeAxis = ({ bars }: Pick<BarChartProps, 'bars'>) => {
  const middle = bars.length < 3 ? undefined : bars[Math.floor(bars.length / 2)];
  const marks = [bars[0], middle].filter((bar) => bar !== undefined);
  return (
    <Box sx={{ display: 'flex', justifyContent: 'space-between', pt: 0.75 }}>
      {marks.map((bar, index) => (
        <Typography key={index} variant="caption" color="textSecondary">
          {formatStart(bar)}
        </Typography>
      ))}
      <Typography variant="caption" color="textSecondary">
        now
      </Typography>
    </Box>
  );
};

const day: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };
const dayAndClock: Intl.DateTimeFormatOptions = {
  ...day,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};

function formatStart({ startMs, isWholeDay }: StackedBar): string {
  return new Date(startMs).toLocaleString(undefined, isWholeDay ? day : dayAndClock);
}
