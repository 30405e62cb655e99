import { useGetList } from 'react-admin';
import type { ModelRoute } from '../modelRoutes/ModelRoute.js';

export interface Progress {
  readonly isKnown: boolean;
  readonly hasModel: boolean;
  readonly hasKey: boolean;
  /** The name of the first route in use; null while there is none. */
  readonly routeName: string | null;
}

const firstByName = {
  pagination: { page: 1, perPage: 1 },
  sort: { field: 'name', order: 'ASC' },
} as const;

/** How far the gateway has been set up. */
export function useProgress(): Progress {
  const localModels = useGetList('local-models', firstByName);
  const providers = useGetList('providers', firstByName);
  const routes = useGetList<ModelRoute>('model-routes', {
    ...firstByName,
    pagination: { page: 1, perPage: 25 },
  });
  const keys = useGetList('virtual-keys', firstByName);
  return {
    isKnown: ![localModels, providers, routes, keys].some(({ isPending }) => isPending),
    hasModel: (localModels.total ?? 0) + (providers.total ?? 0) > 0,
    hasKey: (keys.total ?? 0) > 0,
    routeName: routes.data?.find(({ isEnabled }) => isEnabled)?.name ?? null,
  };
}
