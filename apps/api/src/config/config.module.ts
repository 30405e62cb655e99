import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AppConfig } from './app-config.js';
import { HostEnvironment } from './host-environment.js';

/** Gives every module the frozen settings. */
@Global()
@Module({})
export class ConfigModule {
  static withConfig(config: AppConfig, host: HostEnvironment): DynamicModule {
    return {
      module: ConfigModule,
      providers: [
        { provide: AppConfig, useValue: config },
        { provide: HostEnvironment, useValue: host },
      ],
      exports: [AppConfig, HostEnvironment],
    };
  }
}
