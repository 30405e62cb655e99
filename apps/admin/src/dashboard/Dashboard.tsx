import { Alert, Box, Stack } from '@mui/material';
import { useCallback, useState } from 'react';
import { Loading, Title } from 'react-admin';
import { FirstSteps } from '../clients/FirstSteps.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { usePolled } from '../providers/usePolled.js';
import type { DashboardFigures } from './DashboardFigures.js';
import { FigureTiles } from './FigureTiles.js';
import { LocalVsCloud } from './LocalVsCloud.js';
import { RangeSelect } from './RangeSelect.js';
import { RunningInstances } from './RunningInstances.js';
import { SpillOverAlert } from './SpillOverAlert.js';
import { TrafficChart } from './TrafficChart.js';

const refreshMs = 5000;

export const Dashboard = () => {
  const [hours, setHours] = useState(24);
  const load = useCallback((provider: SpillwayDataProvider) => provider.dashboard(hours), [hours]);
  const { value: figures, fault } = usePolled(load, refreshMs);
  return (
    <>
      <Title title="Dashboard" />
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', mt: -5, mb: 2 }}>
        <RangeSelect hours={hours} onChange={setHours} />
      </Box>
      {fault === null ? null : (
        <Alert severity="error" sx={{ mb: 2 }}>
          {fault}
        </Alert>
      )}
      {figures === null ? fault === null && <Loading /> : <Figures figures={figures} />}
    </>
  );
};

const Figures = ({ figures }: { readonly figures: DashboardFigures }) => {
  const isQuiet = figures.requests === 0;
  return (
    <Stack sx={{ gap: 2.5 }}>
      {figures.spillOverAlarm === null ? null : <SpillOverAlert alarm={figures.spillOverAlarm} />}
      {/* empty figures tell a newcomer nothing: what is to be done stands above them */}
      {isQuiet ? <FirstSteps hasRequests={false} /> : null}
      <FigureTiles figures={figures} />
      <Box
        sx={{
          display: 'grid',
          gap: 2.5,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 5fr) minmax(0, 3fr)' },
        }}
      >
        <TrafficChart series={figures.series} />
        <LocalVsCloud figures={figures} />
      </Box>
      <RunningInstances instances={figures.instances} />
      {isQuiet ? null : <FirstSteps hasRequests />}
    </Stack>
  );
};
