import { Edit, SimpleForm } from 'react-admin';
import { EditToolbar } from '../inputs/EditToolbar.js';
import { RecordTitle } from '../inputs/RecordTitle.js';
import { ModelRouteInputs } from './ModelRouteInputs.js';
import { toModelRouteBody } from './toModelRouteBody.js';

export const ModelRouteEdit = () => (
  <Edit
    title={<RecordTitle noun="Route" />}
    mutationMode="pessimistic"
    redirect="list"
    transform={toModelRouteBody}
    actions={false}
  >
    <SimpleForm
      toolbar={
        <EditToolbar
          question="Delete this route?"
          consequence="Programs that ask for it get “model not found” from then on. The request log keeps its entries."
        />
      }
    >
      <ModelRouteInputs />
    </SimpleForm>
  </Edit>
);
