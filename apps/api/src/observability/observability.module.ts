import { Module } from '@nestjs/common';
import { GatewayModule } from '../gateway/gateway.module.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** Health and metrics, for machines. */
@Module({ imports: [GatewayModule], controllers: [HealthController, MetricsController] })
export class ObservabilityModule {}
