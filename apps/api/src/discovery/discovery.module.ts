import { Global, Module } from '@nestjs/common';
import { ModelFolders } from '../models/model-folders.js';
import { DiscoveryController } from './discovery.controller.js';
import { MachineDiscovery } from './machine-discovery.service.js';

/** What the machine offers. Global, because local models may only lie in folders that it knows. */
@Global()
@Module({
  controllers: [DiscoveryController],
  providers: [MachineDiscovery, { provide: ModelFolders, useExisting: MachineDiscovery }],
  exports: [MachineDiscovery, ModelFolders],
})
export class DiscoveryModule {}
