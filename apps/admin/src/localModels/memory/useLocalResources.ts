import { useDataProvider, useNotify, useRefresh } from 'react-admin';
import { messageOf } from '../../providers/apiError.js';
import type { SpillwayDataProvider } from '../../providers/dataProvider.js';
import { usePolled } from '../../providers/usePolled.js';
import type { LocalResources, LocalResourcesChange } from './LocalResources.js';

const readResources = (provider: SpillwayDataProvider) => provider.localResources();
const refreshMs = 3000;

interface LocalResourcesAccess {
  /** Null until they are read. */
  readonly resources: LocalResources | null;
  readonly change: (fields: LocalResourcesChange) => void;
}

/** What local models share, as it is now, and the way to change it. */
export function useLocalResources(): LocalResourcesAccess {
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const notify = useNotify();
  const refresh = useRefresh();
  const { value, reload } = usePolled(readResources, refreshMs);
  const change = (fields: LocalResourcesChange) => {
    dataProvider
      .updateLocalResources(fields)
      .catch((error: unknown) => notify(messageOf(error), { type: 'error' }))
      .finally(() => {
        reload();
        refresh();
      });
  };
  return { resources: value, change };
}
