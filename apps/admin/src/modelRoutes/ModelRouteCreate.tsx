import { Create, SimpleForm } from 'react-admin';
import { CreateToolbar } from '../inputs/CreateToolbar.js';
import { ModelRouteInputs } from './ModelRouteInputs.js';
import { toModelRouteBody } from './toModelRouteBody.js';

export const ModelRouteCreate = () => (
  <Create title="New route" redirect="list" transform={toModelRouteBody}>
    <SimpleForm toolbar={<CreateToolbar />}>
      <ModelRouteInputs />
    </SimpleForm>
  </Create>
);
