import UseIcon from '@mui/icons-material/PlayCircleOutlined';
import { Button } from '@mui/material';
import { useState } from 'react';
import { useDataProvider, useNotify, useRedirect } from 'react-admin';
import { findOnMachine } from '../discovery/findOnMachine.js';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';

/** Makes what was fetched callable: a local model and a route of the same name. */
export const UseModelButton = ({ modelPath }: { readonly modelPath: string }) => {
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const notify = useNotify();
  const redirect = useRedirect();
  const [isBusy, setIsBusy] = useState(false);
  const adopt = async () => {
    const { models } = await dataProvider.discovery();
    const find = findOnMachine(models, modelPath);
    if (find !== undefined) return dataProvider.adoptFind(find.id);
    throw new Error('It is not among the models found on this machine. Look at Discovery.');
  };
  const use = () => {
    setIsBusy(true);
    adopt()
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
