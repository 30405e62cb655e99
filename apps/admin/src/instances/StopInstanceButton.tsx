import StopIcon from '@mui/icons-material/Stop';
import { Button } from '@mui/material';
import { useState } from 'react';
import {
  Confirm,
  useCanAccess,
  useDataProvider,
  useNotify,
  useRecordContext,
  useRefresh,
} from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import type { Instance } from './Instance.js';
import { isAttached } from '../localModels/engineChoices.js';

/** Ends the process; asks first while requests are using it. */
export const StopInstanceButton = () => {
  const instance = useRecordContext<Instance>();
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const { canAccess } = useCanAccess({ resource: 'instances', action: 'edit' });
  const notify = useNotify();
  const refresh = useRefresh();
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  if (instance === undefined || canAccess !== true) return null;
  // a server that Spillway did not start is not for it to stop
  if (instance.endedAt !== null || isAttached(instance.engine)) return null;

  const stop = () => {
    setIsAsking(false);
    setIsBusy(true);
    dataProvider
      .runAction<Instance>('instances', instance.id, 'stop')
      .then(refresh)
      .catch((error: unknown) => notify(messageOf(error), { type: 'error' }))
      .finally(() => setIsBusy(false));
  };

  return (
    <>
      <Button
        size="small"
        startIcon={<StopIcon />}
        loading={isBusy || instance.state === 'stopping'}
        onClick={() => (instance.leases > 0 ? setIsAsking(true) : stop())}
      >
        Stop
      </Button>
      <Confirm
        isOpen={isAsking}
        title="Stop this instance?"
        content={`${instance.leases} requests are using it right now.`}
        confirm="Stop it"
        onConfirm={stop}
        onClose={() => setIsAsking(false)}
      />
    </>
  );
};
