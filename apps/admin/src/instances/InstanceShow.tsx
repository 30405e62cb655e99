import { Alert, Stack } from '@mui/material';
import { Show, TopToolbar, useRecordContext } from 'react-admin';
import { FactGrid, type Fact } from '../fields/FactGrid.js';
import { formatDuration } from '../format/formatDuration.js';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { TimeField } from '../fields/TimeField.js';
import { Section } from '../layout/Section.js';
import { engineName, isAttached } from '../localModels/engineChoices.js';
import { ExitRecord } from './ExitRecord.js';
import { resourceTexts, workTexts } from './figureTexts.js';
import type { Instance } from './Instance.js';
import { LogView } from './LogView.js';
import { StopInstanceButton } from './StopInstanceButton.js';
import { uptimeMs } from './uptimeMs.js';

const refreshMs = 3000;

const InstanceTitle = () => {
  const instance = useRecordContext<Instance>();
  return (
    <span>{instance === undefined ? 'Instance' : `Instance of ${instance.localModelName}`}</span>
  );
};

export const InstanceShow = () => (
  <Show
    title={<InstanceTitle />}
    component="div"
    queryOptions={{ refetchInterval: refreshMs }}
    actions={
      <TopToolbar>
        <StopInstanceButton />
      </TopToolbar>
    }
  >
    <InstancePage />
  </Show>
);

const InstancePage = () => {
  const instance = useRecordContext<Instance>();
  if (instance === undefined) return null;
  return (
    <Stack sx={{ gap: 2.5 }}>
      <Section title="Process">
        <FactGrid facts={processFacts(instance)} />
      </Section>
      {instance.suspicion === null ? null : (
        <Alert severity="warning">{instance.suspicion.message}</Alert>
      )}
      {instance.figures === null ? null : (
        <Section title="Work" hint="As the engine itself tells.">
          <FactGrid facts={workTexts(instance.figures)} />
        </Section>
      )}
      {instance.exit === null ? null : <ExitRecord exit={instance.exit} />}
      {isAttached(instance.engine) ? null : (
        <LogView key={instance.id} instanceId={instance.id} hasEnded={instance.endedAt !== null} />
      )}
    </Stack>
  );
};

function processFacts(instance: Instance): readonly Fact[] {
  const { readyAt, startedAt } = instance;
  return [
    { name: 'State', value: <Status value={instance.state} /> },
    { name: 'Engine', value: engineName(instance.engine) },
    { name: 'Process', value: instance.pid ?? '–' },
    { name: 'Address', value: <Mono isBreakable>{instance.origin ?? '–'}</Mono> },
    { name: 'Started', value: <TimeField source="startedAt" /> },
    { name: 'Ready after', value: formatDuration(readyAt === null ? null : readyAt - startedAt) },
    {
      name: instance.endedAt === null ? 'Running for' : 'Ran for',
      value: formatDuration(uptimeMs(instance, Date.now())),
    },
    { name: 'In use by', value: `${instance.leases} requests` },
    ...(instance.abandoned > 0
      ? [{ name: 'Goes on with', value: `${instance.abandoned} abandoned requests` }]
      : []),
    { name: 'Served', value: `${instance.requestsServed} requests` },
    { name: 'Last used', value: <TimeField source="lastUsedAt" emptyText="never" /> },
    { name: 'Proved to work', value: <TimeField source="provenAt" emptyText="not yet" /> },
    ...resourceTexts(instance),
  ];
}
