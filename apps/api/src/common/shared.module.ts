import { EgressClient } from '#adapters';
import {
  Global,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ConfigurationChanges } from './configuration-changes.js';
import { GatewayIds } from './gateway-ids.js';
import { InferenceMetrics } from './metrics/inference-metrics.js';

@Injectable()
class EgressShutdown implements OnApplicationShutdown {
  constructor(private readonly egress: EgressClient) {}

  async onApplicationShutdown(): Promise<void> {
    await this.egress.close();
  }
}

/** What every feature may use and no feature owns. */
@Global()
@Module({})
export class SharedModule {
  static withIds(ids: GatewayIds): DynamicModule {
    return {
      module: SharedModule,
      providers: [
        { provide: GatewayIds, useValue: ids },
        { provide: EgressClient, useFactory: () => new EgressClient() },
        ConfigurationChanges,
        InferenceMetrics,
        EgressShutdown,
      ],
      exports: [GatewayIds, EgressClient, ConfigurationChanges, InferenceMetrics],
    };
  }
}
