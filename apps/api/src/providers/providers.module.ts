import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MasterKey } from '../common/master-key.entity.js';
import { SecretBox } from '../common/secret-box.js';
import { ProviderProbe } from './provider-probe.service.js';
import { ProvidersController } from './providers.controller.js';
import { ProvidersService } from './providers.service.js';
import { ToldCapabilities } from './told-capabilities.js';
import { Provider } from './provider.entity.js';

/** Accounts at providers of models. */
@Module({
  imports: [TypeOrmModule.forFeature([Provider, MasterKey])],
  controllers: [ProvidersController],
  providers: [ProvidersService, ProviderProbe, ToldCapabilities, SecretBox],
  exports: [ProvidersService, ProviderProbe, ToldCapabilities, SecretBox],
})
export class ProvidersModule {}
