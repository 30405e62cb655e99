import CloudIcon from '@mui/icons-material/CloudOutlined';
import { CreateButton, DataTable, List } from 'react-admin';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { TwoLines } from '../fields/TwoLines.js';
import { EmptyState } from '../layout/EmptyState.js';
import { ListActions } from '../layout/ListActions.js';
import { PageIntro } from '../layout/PageIntro.js';
import { protocolName } from '../protocols/protocols.js';
import { lostKeyHint } from './lostKeyHint.js';
import type { Provider } from './Provider.js';
import { ProviderTestButton } from './ProviderTestButton.js';

const Empty = () => (
  <EmptyState
    icon={<CloudIcon />}
    title="No providers yet"
    action={<CreateButton variant="contained" label="Add a provider" />}
  >
    A provider is a service or server elsewhere that speaks an API of OpenAI, Anthropic or Google,
    as nearly all do. Without one, everything stays on this machine.
  </EmptyState>
);

export const ProviderList = () => (
  <>
    <PageIntro>
      Services that answer when this machine should not or cannot. A provider is used only by routes
      that allow the cloud.
    </PageIntro>
    <List
      title="Providers"
      sort={{ field: 'name', order: 'ASC' }}
      perPage={25}
      actions={<ListActions createLabel="New provider" />}
      exporter={false}
      empty={<Empty />}
    >
      <ProviderTable />
    </List>
  </>
);

const ProviderTable = () => (
  <DataTable<Provider> bulkActionButtons={false}>
    <DataTable.Col<Provider>
      source="name"
      label="Name"
      render={({ name, protocol }) => (
        <TwoLines first={<Mono>{name}</Mono>} second={protocolName(protocol)} />
      )}
    />
    <DataTable.Col<Provider>
      source="baseUrl"
      label="Address"
      render={({ baseUrl }) => <Mono isBreakable>{baseUrl}</Mono>}
    />
    <DataTable.Col<Provider> label="API key" disableSort render={credentialText} />
    <DataTable.Col<Provider>
      label="Cost"
      disableSort
      render={({ isFree }) => (isFree ? 'free' : 'by price table')}
    />
    <DataTable.Col<Provider>
      source="isEnabled"
      label="Status"
      render={({ isEnabled }) => <Status value={isEnabled ? 'active' : 'disabled'} />}
    />
    <DataTable.Col label="" disableSort align="right">
      <ProviderTestButton />
    </DataTable.Col>
  </DataTable>
);

function credentialText({ hasCredential, needsCredential, credentialHint }: Provider) {
  if (!hasCredential) return 'none';
  if (needsCredential) return <Status value="enter again" title={lostKeyHint} />;
  return <Mono>{credentialHint ?? 'stored'}</Mono>;
}
