import { readCustomEngines, shippedEngines } from '#process';
import type { FactoryProvider } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { EngineCatalog } from '../models/engine-catalog.js';

/** The engines of the product, and those the owner of this machine declared; a fault in the latter ends the start. */
export const engineCatalogProvider: FactoryProvider<Promise<EngineCatalog>> = {
  provide: EngineCatalog,
  inject: [AppConfig],
  useFactory: async ({ dataDir, llamaServerPath }: AppConfig) =>
    new EngineCatalog(
      shippedEngines({
        llamaServerBinary: llamaServerPath,
        custom: await readCustomEngines(dataDir),
      }),
    ),
};
