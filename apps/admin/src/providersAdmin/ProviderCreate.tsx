import { Create, SimpleForm } from 'react-admin';
import { CreateToolbar } from '../inputs/CreateToolbar.js';
import { ProviderInputs } from './ProviderInputs.js';
import { ProviderPresets } from './ProviderPresets.js';
import { toProviderBody } from './toProviderBody.js';

export const ProviderCreate = () => (
  <>
    <ProviderPresets />
    <Create title="New provider" redirect="list" transform={toProviderBody}>
      <SimpleForm toolbar={<CreateToolbar />}>
        <ProviderInputs />
      </SimpleForm>
    </Create>
  </>
);
