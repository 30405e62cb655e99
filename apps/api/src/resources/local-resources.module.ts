import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LocalResourcesController } from './local-resources.controller.js';
import { LocalResources } from './local-resources.entity.js';
import { LocalResourcesService } from './local-resources.service.js';

/** Limits of all local models together. */
@Module({
  imports: [TypeOrmModule.forFeature([LocalResources])],
  controllers: [LocalResourcesController],
  providers: [LocalResourcesService],
})
export class LocalResourcesModule {}
