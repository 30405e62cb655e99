import { Supervisor } from '#process';
import { Injectable } from '@nestjs/common';
import { LocalModelControl } from '../models/local-model-control.js';
import { LocalModelsService } from '../models/local-models.service.js';
import { ModuleRef } from '@nestjs/core';
import { GatewayError } from '#translation';
import { asGatewayError } from './local-target.service.js';

/** Starts and stops local models for the panel. */
@Injectable()
export class SupervisedModelControl extends LocalModelControl {
  constructor(
    private readonly supervisor: Supervisor,
    private readonly modules: ModuleRef,
  ) {
    super();
  }

  override view(id: string): { state: string; reason: string | null } {
    const { state, reason } = this.supervisor.view(id);
    return { state, reason };
  }

  override async start(id: string): Promise<void> {
    const models = await this.modules.get(LocalModelsService, { strict: false }).snapshot();
    const spec = models.find((model) => model.id === id);
    if (spec === undefined)
      throw new GatewayError(
        'not_found',
        'This local model does not exist or is disabled. Enable it first.',
      );
    try {
      await this.supervisor.start(spec);
    } catch (error) {
      throw asGatewayError(error);
    }
  }

  override async stop(id: string): Promise<void> {
    await this.supervisor.stop(id);
  }

  override async forget(id: string): Promise<void> {
    await this.supervisor.stop(id, { force: true });
  }
}
