import { Box, Button } from '@mui/material';
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
import type { ModelDownload } from './ModelDownload.js';
import { UseModelButton } from './UseModelButton.js';

const resumable = new Set(['paused', 'failed', 'cancelled']);
const over = new Set(['done', 'cancelled']);

const words = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' } as const;
type Action = keyof typeof words;

function actionsFor({ state }: ModelDownload): readonly Action[] {
  if (state === 'stopping') return [];
  const first: readonly Action[] = resumable.has(state) ? ['resume'] : ['pause'];
  return state === 'done' ? [] : [...first, ...(over.has(state) ? [] : (['cancel'] as const))];
}

/** What can be done with a download in its state; deleting asks first, since files go. */
export const DownloadActions = () => {
  const download = useRecordContext<ModelDownload>();
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const { canAccess } = useCanAccess({ resource: 'model-downloads', action: 'edit' });
  const notify = useNotify();
  const refresh = useRefresh();
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  if (download === undefined || canAccess !== true) return null;

  const run = (work: () => Promise<unknown>) => {
    setIsAsking(false);
    setIsBusy(true);
    work()
      .then(refresh)
      .catch((error: unknown) => notify(messageOf(error), { type: 'error' }))
      .finally(() => setIsBusy(false));
  };
  const { id, modelPath, repository } = download;

  return (
    <Box sx={{ display: 'flex', gap: 0.5, justifyContent: 'flex-end', flexWrap: 'wrap' }}>
      {modelPath === null ? null : <UseModelButton modelPath={modelPath} />}
      {actionsFor(download).map((action) => (
        <Button
          key={action}
          size="small"
          disabled={isBusy}
          onClick={() => run(() => dataProvider.runAction('model-downloads', id, action))}
        >
          {words[action]}
        </Button>
      ))}
      <Button size="small" color="error" disabled={isBusy} onClick={() => setIsAsking(true)}>
        Delete
      </Button>
      <Confirm
        isOpen={isAsking}
        title={`Delete the download of ${repository}?`}
        content="Its files are removed from the disk, apart from those that other downloads or programs share."
        confirm="Delete it"
        onConfirm={() => run(() => dataProvider.delete('model-downloads', { id }))}
        onClose={() => setIsAsking(false)}
      />
    </Box>
  );
};
