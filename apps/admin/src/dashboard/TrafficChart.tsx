import { ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useState } from 'react';
import { formatUsd } from '../format/formatCost.js';
import { formatTokens } from '../format/formatTokens.js';
import { Section } from '../layout/Section.js';
import { BarChart } from './BarChart.js';
import type { SeriesPoint } from './DashboardFigures.js';
import { stackBars, type Measure } from './stackBars.js';

const formats: Record<Measure, (value: number) => string> = {
  requests: formatTokens,
  cost: formatUsd,
};

/** Requests or money over time. */
export const TrafficChart = ({ series }: { readonly series: readonly SeriesPoint[] }) => {
  const [measure, setMeasure] = useState<Measure>('requests');
  return (
    <Section
      title="Over time"
      action={
        <ToggleButtonGroup
          size="small"
          exclusive
          value={measure}
          aria-label="What the chart shows"
          onChange={(_event, chosen: Measure | null) => {
            if (chosen !== null) setMeasure(chosen);
          }}
        >
          <ToggleButton value="requests" sx={{ px: 1.5, py: 0.25 }}>
            Requests
          </ToggleButton>
          <ToggleButton value="cost" sx={{ px: 1.5, py: 0.25 }}>
            Cost
          </ToggleButton>
        </ToggleButtonGroup>
      }
    >
      <BarChart
        label={`${measure === 'cost' ? 'Cost' : 'Requests'} over time`}
        bars={stackBars(series, measure)}
        formatValue={formats[measure]}
      />
    </Section>
  );
};
