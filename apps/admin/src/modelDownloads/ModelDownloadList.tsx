import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import { CreateButton, DataTable, List } from 'react-admin';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { TimeField } from '../fields/TimeField.js';
import { TwoLines } from '../fields/TwoLines.js';
import { EmptyState } from '../layout/EmptyState.js';
import { ListActions } from '../layout/ListActions.js';
import { PageIntro } from '../layout/PageIntro.js';
import { DownloadActions } from './DownloadActions.js';
import { DownloadProgress } from './DownloadProgress.js';
import { HubNotice } from './HubNotice.js';
import type { ModelDownload } from './ModelDownload.js';

const refreshMs = 1500;

const Empty = () => (
  <EmptyState
    icon={<DownloadIcon />}
    title="Nothing was fetched yet"
    action={<CreateButton variant="contained" label="Fetch a model" />}
  >
    Fetch a model from the hub into this machine’s model folder, and make it a local model with one
    click.
  </EmptyState>
);

export const ModelDownloadList = () => (
  <>
    <PageIntro>
      Models fetched from the hub, one at a time. What a restart interrupts goes on by itself.
    </PageIntro>
    <HubNotice />
    <List
      title="Downloads"
      sort={{ field: 'createdAt', order: 'DESC' }}
      perPage={25}
      actions={<ListActions createLabel="Fetch a model" />}
      exporter={false}
      empty={<Empty />}
      queryOptions={{ refetchInterval: refreshMs }}
    >
      <DownloadTable />
    </List>
  </>
);

const DownloadTable = () => (
  <DataTable<ModelDownload> rowClick={false} bulkActionButtons={false}>
    <DataTable.Col<ModelDownload>
      source="repository"
      label="Model"
      render={({ repository, files, revision }) => (
        <TwoLines
          first={<Mono>{repository}</Mono>}
          second={`${files ?? 'whole snapshot'} · ${revision}`}
        />
      )}
    />
    <DataTable.Col<ModelDownload>
      source="state"
      render={({ state, errorCode }) => (
        <Status value={state} {...(errorCode !== null && { title: errorCode })} />
      )}
    />
    <DataTable.Col<ModelDownload>
      label="Progress"
      disableSort
      render={(download) => <DownloadProgress download={download} />}
    />
    <DataTable.Col<ModelDownload> source="createdAt" label="Begun">
      <TimeField source="createdAt" />
    </DataTable.Col>
    <DataTable.Col<ModelDownload> label="" disableSort>
      <DownloadActions />
    </DataTable.Col>
  </DataTable>
);
