import { Supervisor } from '#process';
import { Global, Injectable, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { EngineCatalog } from '../models/engine-catalog.js';
import { LocalModelControl } from '../models/local-model-control.js';
import { EngineRecovery } from './engine-recovery.task.js';
import { engineCatalogProvider } from './engine-catalog.provider.js';
import { InstancesController } from './instances.controller.js';
import { LocalTargetService } from './local-target.service.js';
import { ProcessSweepsTask } from './process-sweeps.task.js';
import { SupervisedModelControl } from './supervised-model-control.service.js';
import { supervisorProvider } from './supervisor.provider.js';

/** Engines stop before connections are closed, so that nothing outlives the gateway. */
@Injectable()
class SupervisorShutdown implements BeforeApplicationShutdown {
  constructor(private readonly supervisor: Supervisor) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.supervisor.close();
  }
}

/** Local model servers. Global, because local models show their state. */
@Global()
@Module({
  controllers: [InstancesController],
  providers: [
    engineCatalogProvider,
    supervisorProvider,
    SupervisorShutdown,
    EngineRecovery,
    LocalTargetService,
    ProcessSweepsTask,
    { provide: LocalModelControl, useClass: SupervisedModelControl },
  ],
  exports: [Supervisor, EngineCatalog, LocalTargetService, LocalModelControl],
})
export class ProcessesModule {}
