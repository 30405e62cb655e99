import { Supervisor } from '#process';
import type { FactoryProvider } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { HostEnvironment } from '../config/host-environment.js';
import { EngineCatalog } from '../models/engine-catalog.js';

/** The one supervisor of the process; opening it stops what an earlier run left behind by accident. */
export const supervisorProvider: FactoryProvider<Promise<Supervisor>> = {
  provide: Supervisor,
  inject: [AppConfig, HostEnvironment, EngineCatalog],
  useFactory: (config: AppConfig, host: HostEnvironment, engines: EngineCatalog) =>
    Supervisor.open({
      dataDir: config.dataDir,
      environment: host.variables,
      memoryBudgetBytes: config.memoryBudgetBytes,
      onGatewayDeath: config.onGatewayDeath,
      engines: engines.presets,
      isLoopbackPortAllowed: (port) => port !== config.port,
    }),
};
