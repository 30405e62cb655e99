import { Edit, SimpleForm, TopToolbar } from 'react-admin';
import { EditToolbar } from '../inputs/EditToolbar.js';
import { RecordTitle } from '../inputs/RecordTitle.js';
import { CommandBar } from './commands/CommandBar.js';
import { LocalModelInputs } from './LocalModelInputs.js';
import { toLocalModelBody } from './toLocalModelBody.js';

export const LocalModelEdit = () => (
  <Edit
    title={<RecordTitle noun="Local model" />}
    mutationMode="pessimistic"
    redirect="list"
    transform={toLocalModelBody}
    actions={
      <TopToolbar>
        <CommandBar />
      </TopToolbar>
    }
  >
    <SimpleForm
      toolbar={
        <EditToolbar
          question="Delete this local model?"
          consequence="Its engine is stopped and routes can no longer use it. The model file stays where it is."
        />
      }
    >
      <LocalModelInputs />
    </SimpleForm>
  </Edit>
);
