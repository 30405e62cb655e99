import InstancesIcon from '@mui/icons-material/TerminalOutlined';
import { Button } from '@mui/material';
import { DataTable, LinkBase, List } from 'react-admin';
import { formatBytes } from '../format/formatBytes.js';
import { formatDuration } from '../format/formatDuration.js';
import { formatShare } from '../format/formatShare.js';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { TimeField } from '../fields/TimeField.js';
import { TwoLines } from '../fields/TwoLines.js';
import { EmptyState } from '../layout/EmptyState.js';
import { PageIntro } from '../layout/PageIntro.js';
import { engineName } from '../localModels/engineChoices.js';
import { formatSpeed, memoryBytes } from './figureTexts.js';
import type { Instance } from './Instance.js';
import { uptimeMs } from './uptimeMs.js';

const Empty = () => (
  <EmptyState
    icon={<InstancesIcon />}
    title="Nothing is running"
    action={
      <Button variant="contained" component={LinkBase} to="/local-models">
        See the local models
      </Button>
    }
  >
    An engine starts as soon as a request asks for its model. You can also start one ahead of time
    from the list of local models.
  </EmptyState>
);

const refreshMs = 3000;

export const InstanceList = () => (
  <>
    <PageIntro>
      Engine processes that run now, and those that ended recently. Open one for its log.
    </PageIntro>
    <List
      title="Instances"
      sort={{ field: 'startedAt', order: 'DESC' }}
      perPage={100}
      pagination={false}
      actions={false}
      exporter={false}
      empty={<Empty />}
      queryOptions={{ refetchInterval: refreshMs }}
    >
      <InstanceTable />
    </List>
  </>
);

const InstanceTable = () => (
  <DataTable<Instance> rowClick="show" bulkActionButtons={false}>
    <DataTable.Col<Instance>
      label="Model"
      disableSort
      render={({ localModelName, engine }) => (
        <TwoLines first={<Mono>{localModelName}</Mono>} second={engineName(engine)} />
      )}
    />
    <DataTable.Col<Instance>
      label="State"
      disableSort
      render={({ state, exit, endedAt, suspicion }) => (
        <Status
          value={endedAt !== null && exit === null ? 'ended' : state}
          {...((exit ?? suspicion) !== null && { title: (exit ?? suspicion)?.message ?? '' })}
        />
      )}
    />
    <DataTable.Col<Instance> label="Started" disableSort>
      <TimeField source="startedAt" />
    </DataTable.Col>
    <DataTable.Col<Instance>
      label="Ran for"
      disableSort
      align="right"
      render={(instance) => formatDuration(uptimeMs(instance, Date.now()))}
    />
    <DataTable.Col<Instance> label="In use by" disableSort align="right" render={use} />
    <DataTable.Col<Instance> source="requestsServed" label="Served" align="right" disableSort />
    <DataTable.Col<Instance> label="Takes" disableSort align="right" render={taken} />
    <DataTable.Col<Instance> label="Writes" disableSort align="right" render={work} />
  </DataTable>
);

const use = ({ leases, abandoned }: Instance) =>
  abandoned === 0 ? leases : <TwoLines first={leases} second={`${abandoned} abandoned`} />;

const taken = (instance: Instance) => (
  <TwoLines
    first={formatBytes(memoryBytes(instance))}
    second={`${formatShare(instance.cpuPercent && instance.cpuPercent / 100)} of a core`}
  />
);

const work = ({ figures }: Instance) => (
  <TwoLines
    first={formatSpeed(figures?.generatedTokensPerSecond ?? null)}
    second={`${formatShare(figures?.kvCacheUsage ?? null)} of the cache`}
  />
);
