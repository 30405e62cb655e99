import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ModelRoutesController } from './model-routes.controller.js';
import { ModelRoutesService } from './model-routes.service.js';
import { ModelRoute } from './model-route.entity.js';
import { RouteTarget } from './route-target.entity.js';

/** Public model names. */
@Module({
  imports: [TypeOrmModule.forFeature([ModelRoute, RouteTarget])],
  controllers: [ModelRoutesController],
  providers: [ModelRoutesService],
  exports: [ModelRoutesService],
})
export class ModelRoutesModule {}
