import ModelIcon from '@mui/icons-material/MemoryOutlined';
import { Typography } from '@mui/material';
import { CreateButton, DataTable, List } from 'react-admin';
import { formatDuration } from '../format/formatDuration.js';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { TwoLines } from '../fields/TwoLines.js';
import { EmptyState } from '../layout/EmptyState.js';
import { ListActions } from '../layout/ListActions.js';
import { PageIntro } from '../layout/PageIntro.js';
import { CommandMenu } from './commands/CommandMenu.js';
import { engineName, isAttached } from './engineChoices.js';
import type { LocalModel } from './LocalModel.js';
import { MemorySection } from './memory/MemorySection.js';

const Empty = () => (
  <EmptyState
    icon={<ModelIcon />}
    title="No local models yet"
    action={<CreateButton variant="contained" label="Add a local model" />}
  >
    Point Spillway at a .gguf file and it starts the engine when a request comes, or attach a server
    that is already running, such as Ollama.
  </EmptyState>
);

/** States change without anybody's doing in the panel. */
const refreshMs = 3000;

export const LocalModelList = () => (
  <>
    <PageIntro>
      Models that run on this machine. An engine starts when a request needs it and stops when it
      has been idle.
    </PageIntro>
    <MemorySection />
    <List
      title="Local models"
      sort={{ field: 'name', order: 'ASC' }}
      perPage={25}
      actions={<ListActions createLabel="New local model" />}
      exporter={false}
      empty={<Empty />}
      queryOptions={{ refetchInterval: refreshMs }}
    >
      <LocalModelTable />
    </List>
  </>
);

const LocalModelTable = () => (
  <DataTable<LocalModel> bulkActionButtons={false}>
    <DataTable.Col<LocalModel>
      source="name"
      label="Name"
      render={({ name, engine, isPinned }) => (
        <TwoLines
          first={<Mono>{name}</Mono>}
          second={isPinned ? `${engineName(engine)}, pinned` : engineName(engine)}
        />
      )}
    />
    <DataTable.Col<LocalModel> label="State" disableSort render={(model) => <State {...model} />} />
    <DataTable.Col<LocalModel>
      label="Served from"
      disableSort
      render={(model) => <Source {...model} />}
    />
    <DataTable.Col<LocalModel>
      label="Slots"
      disableSort
      align="right"
      render={({ parallelSlots }) => parallelSlots}
    />
    <DataTable.Col<LocalModel>
      label="Idle stop"
      disableSort
      align="right"
      render={({ idleStopMs, engine }) => idleText(idleStopMs, engine)}
    />
    <DataTable.Col label="" disableSort align="right">
      <CommandMenu />
    </DataTable.Col>
  </DataTable>
);

const State = ({ state, stateReason, isEnabled }: LocalModel) => (
  <>
    <Status value={isEnabled ? state : 'disabled'} />
    {!stateReason ? null : (
      <Typography
        variant="caption"
        component="div"
        color="textSecondary"
        sx={{ maxWidth: 260, lineHeight: 1.35, mt: 0.25 }}
      >
        {stateReason}
      </Typography>
    )}
  </>
);

/** The file name first: the folder is long and mostly the same. */
const Source = ({ modelPath, endpoint, upstreamModel }: LocalModel) => {
  if (typeof modelPath !== 'string') {
    const [first, second] = endpoint === null ? [upstreamModel, ''] : [endpoint, upstreamModel];
    return <TwoLines first={<Mono>{first}</Mono>} second={second ?? ''} />;
  }
  const cut = modelPath.lastIndexOf('/');
  return (
    <span title={modelPath}>
      <TwoLines
        maxWidth={300}
        first={<Mono>{modelPath.slice(cut + 1)}</Mono>}
        second={modelPath.slice(0, cut)}
      />
    </span>
  );
};

function idleText(idleStopMs: number | null, engine: string): string {
  if (isAttached(engine)) return '–';
  return idleStopMs === null ? 'never' : formatDuration(idleStopMs);
}
