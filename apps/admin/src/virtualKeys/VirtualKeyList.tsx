import KeyIcon from '@mui/icons-material/KeyOutlined';
import { CreateButton, DataTable, List, SearchInput } from 'react-admin';
import { Mono } from '../fields/Mono.js';
import { TimeField } from '../fields/TimeField.js';
import { TwoLines } from '../fields/TwoLines.js';
import { EmptyState } from '../layout/EmptyState.js';
import { ListActions } from '../layout/ListActions.js';
import { PageIntro } from '../layout/PageIntro.js';
import { KeyBudgetBar } from './KeyBudgetBar.js';
import { KeyStatus } from './KeyStatus.js';
import { describeLimits } from './describeLimits.js';
import { RevokeButton } from './RevokeButton.js';
import type { VirtualKey } from './VirtualKey.js';

const Empty = () => (
  <EmptyState
    icon={<KeyIcon />}
    title="No keys yet"
    action={<CreateButton variant="contained" label="Create a key" />}
  >
    Programs sign in to Spillway with a key of yours, never with a provider’s. Each key has its own
    budget, limits and log.
  </EmptyState>
);

const filters = [<SearchInput key="q" source="q" alwaysOn placeholder="Search keys" />];

export const VirtualKeyList = () => (
  <>
    <PageIntro>
      What your programs sign in with. A key can be limited in money, pace and routes, and revoked
      at any moment.
    </PageIntro>
    <List
      title="Keys"
      sort={{ field: 'createdAt', order: 'DESC' }}
      perPage={25}
      filters={filters}
      actions={<ListActions createLabel="New key" />}
      exporter={false}
      empty={<Empty />}
    >
      <VirtualKeyTable />
    </List>
  </>
);

const VirtualKeyTable = () => (
  <DataTable<VirtualKey> bulkActionButtons={false}>
    <DataTable.Col<VirtualKey>
      source="name"
      label="Name"
      render={({ name, prefix }) => <TwoLines first={name} second={<Mono>{prefix}…</Mono>} />}
    />
    <DataTable.Col<VirtualKey>
      label="Status"
      disableSort
      render={(key) => <KeyStatus virtualKey={key} />}
    />
    <DataTable.Col<VirtualKey>
      label="Budget"
      disableSort
      render={(key) => <KeyBudgetBar virtualKey={key} />}
    />
    <DataTable.Col<VirtualKey>
      label="Limits"
      disableSort
      render={(key) => describeLimits(key).join(', ') || 'none'}
    />
    <DataTable.Col<VirtualKey> source="lastUsedAt" label="Last used">
      <TimeField source="lastUsedAt" emptyText="never" />
    </DataTable.Col>
    <DataTable.Col label="" disableSort align="right">
      <RevokeButton />
    </DataTable.Col>
  </DataTable>
);
