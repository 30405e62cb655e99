import { Create, SimpleForm } from 'react-admin';
import { CreateToolbar } from '../inputs/CreateToolbar.js';
import { HubNotice } from './HubNotice.js';
import { ModelDownloadInputs } from './ModelDownloadInputs.js';
import { toModelDownloadBody } from './toModelDownloadBody.js';

export const ModelDownloadCreate = () => (
  <>
    <HubNotice />
    <Create title="New download" redirect="list" transform={toModelDownloadBody}>
      <SimpleForm toolbar={<CreateToolbar />}>
        <ModelDownloadInputs />
      </SimpleForm>
    </Create>
  </>
);
