import { Supervisor } from '#process';
import { Logger, type FactoryProvider } from '@nestjs/common';
import { AppConfig } from '../config/app-config.js';
import { HostEnvironment } from '../config/host-environment.js';
import { EngineCatalog } from '../models/engine-catalog.js';

/** The one supervisor of the process; opening it stops what an earlier run left behind by accident. */
export const supervisorProvider: FactoryProvider<Promise<Supervisor>> = {
  provide: Supervisor,
  inject: [AppConfig, HostEnvironment, EngineCatalog],
  useFactory: async (config: AppConfig, host: HostEnvironment, engines: EngineCatalog) => {
    const supervisor = await Supervisor.open({
      dataDir: config.dataDir,
      environment: host.variables,
      memoryBudget: config.memoryBudget,
      onGatewayDeath: config.onGatewayDeath,
      engines: engines.presets,
      isLoopbackPortAllowed: (port) => port !== config.port,
    });
    warnOfUnknownPools(config.memoryBudget, supervisor);
    return supervisor;
  },
};

/** A card may be taken out, or its driver be broken: that is no reason not to start, and none to be silent. */
function warnOfUnknownPools(declared: AppConfig['memoryBudget'], supervisor: Supervisor): void {
  const known = supervisor.memoryUse().pools.map(({ pool }) => pool);
  const unknown = Object.keys(declared).filter((pool) => pool !== 'ram' && !known.includes(pool));
  if (unknown.length === 0) return;
  new Logger('Supervisor').warn(
    `SPILLWAY_MEMORY_BUDGET_MB names ${unknown.join(', ')}, which this machine does not have; it has ${known.join(', ')}`,
  );
}
