import { Alert } from '@mui/material';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import { usePolled } from '../providers/usePolled.js';

const readDiscovery = (provider: SpillwayDataProvider) => provider.discovery();

/** Says why the embedded engine could not run on this machine; nothing while it can. */
export const EmbeddedEngineNotice = () => {
  const engine = usePolled(readDiscovery, null).value?.embeddedEngine;
  if (engine === undefined || (engine.isInstalled && engine.isAllowed)) return null;
  return (
    <Alert severity="warning" sx={{ my: 1 }}>
      The embedded engine cannot run here at the moment.
      {engine.reason === null ? '' : ` ${engine.reason}`}
    </Alert>
  );
};
