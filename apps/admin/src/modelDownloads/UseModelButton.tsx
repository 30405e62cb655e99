import UseIcon from '@mui/icons-material/PlayCircleOutlined';
import { Button } from '@mui/material';
import { useState } from 'react';
import { useDataProvider, useNotify, useRedirect } from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';

/** Makes what was fetched callable: a local model and a route of the same name. */
export const UseModelButton = ({ modelPath }: { readonly modelPath: string }) => {
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const notify = useNotify();
  const redirect = useRedirect();
  const [isBusy, setIsBusy] = useState(false);
  const use = () => {
    setIsBusy(true);
    dataProvider
      .adoptModel(modelPath)
      .then(({ localModel, route }) => {
        notify(`Callers can now ask for ${route.name}`, { type: 'success' });
        redirect('edit', 'local-models', localModel.id);
      })
      .catch((error: unknown) => {
        notify(messageOf(error), { type: 'error' });
        setIsBusy(false);
      });
  };
  return (
    <Button size="small" startIcon={<UseIcon />} loading={isBusy} onClick={use}>
      Use as local model
    </Button>
  );
};
