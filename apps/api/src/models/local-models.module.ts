import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LocalModelCommands } from './commands/local-model-commands.service.js';
import { LocalModelsController } from './local-models.controller.js';
import { LocalModelsService } from './local-models.service.js';
import { LocalModel } from './local-model.entity.js';

/** Models on this machine. What runs them comes in through `LocalModelControl` and `ModelFolders`. */
@Module({
  imports: [TypeOrmModule.forFeature([LocalModel])],
  controllers: [LocalModelsController],
  providers: [LocalModelsService, LocalModelCommands],
  exports: [LocalModelsService],
})
export class LocalModelsModule {}
