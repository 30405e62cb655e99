import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { LocalModelsModule } from '../models/local-models.module.js';
import { ModelRoutesModule } from '../routes/model-routes.module.js';
import { FirstModel } from './first-model.service.js';
import { Onboarding } from './onboarding.service.js';

/** What happens between "listening" and the first request. */
@Module({
  imports: [AuthModule, KeysModule, LocalModelsModule, ModelRoutesModule],
  providers: [FirstModel, Onboarding],
})
export class StartupModule {}
