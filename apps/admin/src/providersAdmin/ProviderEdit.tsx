import { Edit, SimpleForm, TopToolbar } from 'react-admin';
import { EditToolbar } from '../inputs/EditToolbar.js';
import { RecordTitle } from '../inputs/RecordTitle.js';
import { ProviderInputs } from './ProviderInputs.js';
import { ProviderTestButton } from './ProviderTestButton.js';
import { toProviderBody } from './toProviderBody.js';

export const ProviderEdit = () => (
  <Edit
    title={<RecordTitle noun="Provider" />}
    mutationMode="pessimistic"
    redirect="list"
    transform={toProviderBody}
    actions={
      <TopToolbar>
        <ProviderTestButton />
      </TopToolbar>
    }
  >
    <SimpleForm
      toolbar={
        <EditToolbar
          question="Delete this provider?"
          consequence="Its stored API key is erased, and routes can no longer use it. The request log keeps its entries."
        />
      }
    >
      <ProviderInputs />
    </SimpleForm>
  </Edit>
);
