import { useState } from 'react';
import { Create, SimpleForm, useRedirect } from 'react-admin';
import { CreateToolbar } from '../inputs/CreateToolbar.js';
import { KeySecretDialog } from './KeySecretDialog.js';
import { toVirtualKeyBody } from './toVirtualKeyBody.js';
import type { CreatedKey } from './VirtualKey.js';
import { VirtualKeyInputs } from './VirtualKeyInputs.js';

/** The secret exists in this component's state alone and is gone when the dialog closes. */
export const VirtualKeyCreate = () => {
  const [created, setCreated] = useState<CreatedKey | null>(null);
  const redirect = useRedirect();
  return (
    <>
      <Create<CreatedKey>
        title="New key"
        redirect={false}
        transform={toVirtualKeyBody}
        mutationOptions={{ onSuccess: setCreated, gcTime: 0 }}
      >
        <SimpleForm toolbar={<CreateToolbar />}>
          <VirtualKeyInputs />
        </SimpleForm>
      </Create>
      {created === null ? null : (
        <KeySecretDialog
          createdKey={created}
          onClose={() => {
            setCreated(null);
            redirect('list', 'virtual-keys');
          }}
        />
      )}
    </>
  );
};
