import { shippedEngines, Supervisor } from '#process';
import type { FactoryProvider } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { HostEnvironment } from '../config/host-environment.js';

/** The one supervisor of the process; opening it stops what an earlier run left behind. */
export const supervisorProvider: FactoryProvider<Promise<Supervisor>> = {
  provide: Supervisor,
  inject: [AppConfig, HostEnvironment],
  useFactory: (config: AppConfig, host: HostEnvironment) =>
    Supervisor.open({
      dataDir: config.dataDir,
      environment: host.variables,
      engines: shippedEngines({ llamaServerBinary: config.llamaServerPath }),
      isLoopbackPortAllowed: (port) => port !== config.port,
    }),
};
