import { useState } from 'react';
import { useDataProvider, useNotify, useRedirect } from 'react-admin';
import { messageOf } from '../providers/apiError.js';
import type { SpillwayDataProvider } from '../providers/dataProvider.js';
import type { FoundModel } from './Discovery.js';

interface Adopting {
  /** The find that is being added, or null. */
  readonly busyId: string | null;
  readonly adopt: (find: FoundModel) => void;
}

/** Makes a find callable in one call: a local model and a route of the same name. */
export function useAdoptFind(): Adopting {
  const dataProvider = useDataProvider<SpillwayDataProvider>();
  const notify = useNotify();
  const redirect = useRedirect();
  const [busyId, setBusyId] = useState<string | null>(null);
  const adopt = ({ id }: FoundModel) => {
    setBusyId(id);
    dataProvider
      .adoptFind(id)
      .then(({ route }) => {
        notify(`“${route.name}” can be called by that name now.`, { type: 'success' });
        redirect('list', 'local-models');
      })
      .catch((error: unknown) => notify(messageOf(error), { type: 'error' }))
      .finally(() => setBusyId(null));
  };
  return { busyId, adopt };
}
