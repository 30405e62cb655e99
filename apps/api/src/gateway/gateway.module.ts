import { Module } from '@nestjs/common';
import { ProcessesModule } from '../processes/processes.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { AttemptPreparer } from './attempt/attempt-preparer.service.js';
import { AttemptRunner } from './attempt/attempt-runner.js';
import { ChatCompletionsController } from './chat-completions.controller.js';
import { CompletionsController } from './completions.controller.js';
import { DrainState } from './drain-state.js';
import { EmbeddingsController } from './embeddings.controller.js';
import { GatewayService } from './gateway.service.js';
import { InferenceInterceptor } from './inference.interceptor.js';
import { MessagesController } from './messages.controller.js';
import { ModelsController } from './models.controller.js';

/** The inference API. Nobody imports it but the application. */
@Module({
  imports: [RoutingModule, ProcessesModule],
  controllers: [
    ChatCompletionsController,
    MessagesController,
    CompletionsController,
    EmbeddingsController,
    ModelsController,
  ],
  providers: [GatewayService, AttemptRunner, AttemptPreparer, InferenceInterceptor, DrainState],
  exports: [DrainState],
})
export class GatewayModule {}
