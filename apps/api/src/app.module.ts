import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { AccessGuard } from './access/access.guard.js';
import { AccessModule } from './access/access.module.js';
import { AlarmsModule } from './alarms/alarms.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { GatewayExceptionFilter } from './common/http/gateway-exception.filter.js';
import type { GatewayIds } from './common/gateway-ids.js';
import { SharedModule } from './common/shared.module.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import type { HostEnvironment } from './config/host-environment.js';
import { DashboardModule } from './dashboard/dashboard.module.js';
import { DatabaseModule } from './database/database.module.js';
import { DiscoveryModule } from './discovery/discovery.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LogsModule } from './logs/logs.module.js';
import { ModelDownloadsModule } from './model-downloads/model-downloads.module.js';
import { LocalModelsModule } from './models/local-models.module.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { ProcessesModule } from './processes/processes.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { LocalResourcesModule } from './resources/local-resources.module.js';
import { ModelRoutesModule } from './routes/model-routes.module.js';
import { RoutingModule } from './routing/routing.module.js';
import { StartupModule } from './startup/startup.module.js';
import { UsageModule } from './usage/usage.module.js';

/** The whole application on one screen: every feature, and the one guard and the one filter around them all. */
@Module({})
export class AppModule {
  static withConfig(config: AppConfig, host: HostEnvironment, ids: GatewayIds): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.withConfig(config, host),
        SharedModule.withIds(ids),
        ScheduleModule.forRoot(),
        DatabaseModule,
        AccessModule,
        AuthModule,
        KeysModule,
        ProvidersModule,
        LocalModelsModule,
        ModelRoutesModule,
        ProcessesModule,
        LocalResourcesModule,
        RoutingModule,
        UsageModule,
        AuditModule,
        GatewayModule,
        LogsModule,
        AlarmsModule,
        DashboardModule,
        DiscoveryModule,
        ModelDownloadsModule,
        ObservabilityModule,
        StartupModule,
      ],
      providers: [
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: APP_FILTER, useClass: GatewayExceptionFilter },
      ],
    };
  }
}
