import { Create, SimpleForm } from 'react-admin';
import { CreateToolbar } from '../inputs/CreateToolbar.js';
import { FoundModels } from './FoundModels.js';
import { LocalModelInputs } from './LocalModelInputs.js';
import { toLocalModelBody } from './toLocalModelBody.js';

export const LocalModelCreate = () => (
  <>
    <FoundModels />
    <Create title="New local model" redirect="list" transform={toLocalModelBody}>
      <SimpleForm toolbar={<CreateToolbar />}>
        <LocalModelInputs />
      </SimpleForm>
    </Create>
  </>
);
