import StartIcon from '@mui/icons-material/PlayArrow';
import StopIcon from '@mui/icons-material/Stop';
import { Button } from '@mui/material';
import { useState, type MouseEvent } from 'react';
import {
  useCanAccess,
  useDataProvider,
  useNotify,
  useRecordContext,
  useRefresh,
} from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { isAttached } from './engineChoices.js';
import type { LocalModel, LocalModelState } from './LocalModel.js';

const runningStates: ReadonlySet<LocalModelState> = new Set([
  'queued',
  'starting',
  'ready',
  'suspect',
  'draining',
  'sleeping',
  'waking',
]);

/** Starts a model's engine ahead of the first request, or stops it; nothing for servers of others. */
export const EngineButton = () => {
  const model = useRecordContext<LocalModel>();
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const { canAccess } = useCanAccess({ resource: 'local-models', action: 'edit' });
  const notify = useNotify();
  const refresh = useRefresh();
  const [isBusy, setIsBusy] = useState(false);
  if (model === undefined || isAttached(model.engine) || canAccess !== true) return null;

  const action = runningStates.has(model.state) ? 'stop' : 'start';
  const run = (event: MouseEvent) => {
    event.stopPropagation();
    setIsBusy(true);
    dataProvider
      .runAction<LocalModel>('local-models', model.id, action)
      .then(refresh)
      .catch((error: unknown) => notify(messageOf(error), { type: 'error' }))
      .finally(() => setIsBusy(false));
  };

  return (
    <Button
      size="small"
      color={action === 'stop' ? 'inherit' : 'primary'}
      startIcon={action === 'stop' ? <StopIcon /> : <StartIcon />}
      loading={isBusy || model.state === 'stopping'}
      disabled={!model.isEnabled}
      onClick={run}
    >
      {action === 'stop' ? 'Stop' : 'Start'}
    </Button>
  );
};
