import { Module } from '@nestjs/common';
import { ProcessesModule } from '../processes/processes.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { AttemptPreparer } from './attempt/attempt-preparer.service.js';
import { AttemptRunner } from './attempt/attempt-runner.js';
import { ChatCompletionsController } from './chat-completions.controller.js';
import { CompletionsController } from './completions.controller.js';
import { DrainState } from './drain-state.js';
import { EmbeddingsController } from './embeddings.controller.js';
import { GeminiController } from './gemini/gemini.controller.js';
import { GeminiInterceptor } from './gemini/gemini.interceptor.js';
import { GeminiModelsController } from './gemini/gemini-models.controller.js';
import { GatewayService } from './gateway.service.js';
import { InferenceInterceptor } from './inference.interceptor.js';
import { MediaFetcher } from './media/media-fetcher.service.js';
import { MessagesController } from './messages.controller.js';
import { ModelsController } from './models.controller.js';
import { ResponsesController } from './responses/responses.controller.js';
import { StoredResponsesController } from './responses/stored-responses.controller.js';
import { TokenCountController } from './token-count/token-count.controller.js';
import { TokenCountService } from './token-count/token-count.service.js';
import { TranslationPreviewController } from './translation-preview/translation-preview.controller.js';
import { TranslationPreviewService } from './translation-preview/translation-preview.service.js';

/** The inference API. Nobody imports it but the application. */
@Module({
  imports: [RoutingModule, ProcessesModule],
  controllers: [
    ChatCompletionsController,
    ResponsesController,
    StoredResponsesController,
    MessagesController,
    CompletionsController,
    EmbeddingsController,
    ModelsController,
    GeminiController,
    GeminiModelsController,
    TokenCountController,
    TranslationPreviewController,
  ],
  providers: [
    MediaFetcher,
    GatewayService,
    AttemptRunner,
    AttemptPreparer,
    InferenceInterceptor,
    GeminiInterceptor,
    DrainState,
    TokenCountService,
    TranslationPreviewService,
  ],
  exports: [DrainState],
})
export class GatewayModule {}
