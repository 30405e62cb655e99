import { Module } from '@nestjs/common';
import { LocalModelsModule } from '../models/local-models.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { ModelRoutesModule } from '../routes/model-routes.module.js';
import { AskForCapabilitiesTask } from './ask-for-capabilities.task.js';
import { RouteCatalog } from './route-catalog.service.js';

/** From a public model name to the targets behind it. */
@Module({
  imports: [ModelRoutesModule, ProvidersModule, LocalModelsModule],
  providers: [RouteCatalog, AskForCapabilitiesTask],
  exports: [RouteCatalog],
})
export class RoutingModule {}
