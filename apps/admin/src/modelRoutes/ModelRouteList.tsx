import RouteIcon from '@mui/icons-material/AltRoute';
import { CreateButton, DataTable, List, SearchInput } from 'react-admin';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { EmptyState } from '../layout/EmptyState.js';
import { ListActions } from '../layout/ListActions.js';
import { PageIntro } from '../layout/PageIntro.js';
import { CloudPolicy } from './CloudPolicy.js';
import { mayUseCloud, type ModelRoute } from './ModelRoute.js';
import { RouteFallbackBar } from './RouteFallbackBar.js';
import { TargetChain } from './TargetChain.js';

const Empty = () => (
  <EmptyState
    icon={<RouteIcon />}
    title="No routes yet"
    action={<CreateButton variant="contained" label="Create a route" />}
  >
    A route is the model name your programs ask for, and the ordered list of models that may answer.
    Create one that points at a local model to get going.
  </EmptyState>
);

const filters = [<SearchInput key="q" source="q" alwaysOn placeholder="Search routes" />];

export const ModelRouteList = () => (
  <>
    <PageIntro>
      The model names your programs ask for, and who may answer each. Local targets are always tried
      before the cloud.
    </PageIntro>
    <List
      title="Routes"
      sort={{ field: 'name', order: 'ASC' }}
      perPage={25}
      filters={filters}
      actions={<ListActions createLabel="New route" />}
      exporter={false}
      empty={<Empty />}
    >
      <DataTable<ModelRoute> bulkActionButtons={false}>
        <DataTable.Col<ModelRoute>
          source="name"
          label="Name"
          render={({ name }) => <Mono>{name}</Mono>}
        />
        <DataTable.Col<ModelRoute>
          label="Targets, in order"
          disableSort
          render={(route) => <TargetChain route={route} />}
        />
        <DataTable.Col<ModelRoute>
          source="cloud"
          label="Cloud"
          render={(route) => <CloudPolicy route={route} />}
        />
        <DataTable.Col<ModelRoute>
          label="Fallback budget"
          disableSort
          render={(route) => (mayUseCloud(route) ? <RouteFallbackBar route={route} /> : null)}
        />
        <DataTable.Col<ModelRoute>
          source="isEnabled"
          label="Status"
          render={({ isEnabled }) => <Status value={isEnabled ? 'active' : 'disabled'} />}
        />
      </DataTable>
    </List>
  </>
);
