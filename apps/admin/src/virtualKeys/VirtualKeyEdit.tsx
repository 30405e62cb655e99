import { Alert, Box } from '@mui/material';
import { Edit, SaveButton, SimpleForm, Toolbar, useRecordContext } from 'react-admin';
import { FactGrid } from '../fields/FactGrid.js';
import { Mono } from '../fields/Mono.js';
import { TimeField } from '../fields/TimeField.js';
import { RecordTitle } from '../inputs/RecordTitle.js';
import { KeyBudgetBar } from './KeyBudgetBar.js';
import { KeyFallbackBar } from './KeyFallbackBar.js';
import { KeyStatus } from './KeyStatus.js';
import { RevokeButton } from './RevokeButton.js';
import { toVirtualKeyBody } from './toVirtualKeyBody.js';
import type { VirtualKey } from './VirtualKey.js';
import { VirtualKeyInputs } from './VirtualKeyInputs.js';

export const VirtualKeyEdit = () => (
  <Edit
    title={<RecordTitle noun="Key" />}
    mutationMode="pessimistic"
    redirect="list"
    transform={toVirtualKeyBody}
    actions={false}
  >
    <KeyFacts />
    <SimpleForm toolbar={<KeyToolbar />}>
      <VirtualKeyInputs />
    </SimpleForm>
  </Edit>
);

const KeyToolbar = () => (
  <Toolbar>
    <SaveButton alwaysEnable />
    <Box sx={{ flex: 1 }} />
    <RevokeButton />
  </Toolbar>
);

const KeyFacts = () => {
  const key = useRecordContext<VirtualKey>();
  if (key === undefined) return null;
  return (
    <Box sx={{ p: 2, pb: 2.5, borderBottom: 1, borderColor: 'divider' }}>
      {key.revokedAt === null ? null : (
        <Alert severity="error" sx={{ mb: 2 }}>
          This key is revoked. It stays here so that the log can name it.
        </Alert>
      )}
      <FactGrid
        facts={[
          { name: 'Begins with', value: <Mono>{key.prefix}…</Mono> },
          { name: 'Status', value: <KeyStatus virtualKey={key} /> },
          { name: 'Spent', value: <KeyBudgetBar virtualKey={key} /> },
          { name: 'In place of local models', value: <KeyFallbackBar virtualKey={key} /> },
          { name: 'Last used', value: <TimeField source="lastUsedAt" emptyText="never" /> },
          { name: 'Created', value: <TimeField source="createdAt" /> },
        ]}
      />
    </Box>
  );
};
