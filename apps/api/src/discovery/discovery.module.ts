import { Global, Module } from '@nestjs/common';
import { LocalModelsModule } from '../models/local-models.module.js';
import { ModelFolders } from '../models/model-folders.js';
import { ModelRoutesModule } from '../routes/model-routes.module.js';
import { DiscoveryController } from './discovery.controller.js';
import { FindAdoption } from './find-adoption.service.js';
import { MachineDiscovery } from './machine-discovery.service.js';

/** What the machine offers. Global, because local models may only lie in folders that it knows. */
@Global()
@Module({
  imports: [LocalModelsModule, ModelRoutesModule],
  controllers: [DiscoveryController],
  providers: [
    MachineDiscovery,
    FindAdoption,
    { provide: ModelFolders, useExisting: MachineDiscovery },
  ],
  exports: [MachineDiscovery, FindAdoption, ModelFolders],
})
export class DiscoveryModule {}
