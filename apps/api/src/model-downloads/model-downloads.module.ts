import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LocalModel } from '../models/local-model.entity.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { DownloadRunner } from './download-runner.service.js';
import { DownloadWork } from './download-work.service.js';
import { HubToken } from './hub-token.entity.js';
import { HubTokens } from './hub-token.service.js';
import { ModelDownload } from './model-download.entity.js';
import { ModelDownloadsController } from './model-downloads.controller.js';
import { ModelDownloadsService } from './model-downloads.service.js';
import { ModelHubController } from './model-hub.controller.js';

/** Models fetched from a hub, where the host allows it. The providers' module opens sealed secrets. */
@Module({
  imports: [TypeOrmModule.forFeature([ModelDownload, HubToken, LocalModel]), ProvidersModule],
  controllers: [ModelDownloadsController, ModelHubController],
  providers: [HubTokens, DownloadWork, DownloadRunner, ModelDownloadsService],
})
export class ModelDownloadsModule {}
