import { Supervisor } from '#process';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { LocalModelsService } from '../models/local-models.service.js';

/** Goes on with the engines a killed gateway left running, before the first request can ask for them. */
@Injectable()
export class EngineRecovery implements OnApplicationBootstrap {
  private readonly logger = new Logger(EngineRecovery.name);

  constructor(
    private readonly supervisor: Supervisor,
    private readonly modules: ModuleRef,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      const models = await this.modules.get(LocalModelsService, { strict: false }).snapshot();
      const { adopted, refused } = await this.supervisor.recover(models);
      if (adopted > 0) this.logger.log(`went on with ${adopted} engines that ran already`);
      for (const { instanceId, reason } of refused)
        this.logger.warn(`the engine ${instanceId} was kept but not gone on with: ${reason}`);
    } catch (error) {
      this.logger.warn(`engines of an earlier run could not be looked at: ${String(error)}`);
    }
  }
}
