import { canSleep } from '#process';
import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import { EngineCatalog } from '../engine-catalog.js';
import { LocalModelControl } from '../local-model-control.js';
import type { LocalModel } from '../local-model.entity.js';
import { LocalModelsService } from '../local-models.service.js';
import { snapshotOf } from '../snapshot-of.js';
import {
  isDone,
  localModelCommands,
  refuseCommand,
  usefulCommands,
  type CommandFacts,
  type LocalModelCommand,
} from './command-rules.js';

/** Carries out what people want of a local model. */
@Injectable()
export class LocalModelCommands {
  constructor(
    private readonly models: LocalModelsService,
    private readonly control: LocalModelControl,
    private readonly engines: EngineCatalog,
  ) {}

  /**
   * Idempotent. @returns the model as it is afterwards.
   * @throws GatewayError `not_found` for an unknown model or command, `conflict` where it cannot be carried out.
   */
  async run(id: string, name: string): Promise<LocalModel> {
    const command = localModelCommands.find((each) => each === name);
    const model = await this.models.get(id);
    if (command === undefined)
      throw new GatewayError(
        'not_found',
        `A local model takes the commands ${localModelCommands.join(', ')}; \`${name.slice(0, 32)}\` is none of them.`,
      );
    const facts = this.factsOf(model);
    const refusal = refuseCommand(command, facts);
    if (refusal !== null) throw new GatewayError('conflict', refusal);
    if (!isDone(command, facts)) await this.carryOut(command, model);
    return this.models.get(id);
  }

  /** What a person could do with it now. */
  usefulFor(model: LocalModel): LocalModelCommand[] {
    return usefulCommands(this.factsOf(model));
  }

  private async carryOut(command: LocalModelCommand, model: LocalModel): Promise<void> {
    const { id } = model;
    const spec = snapshotOf(model);
    switch (command) {
      case 'start':
        return this.control.start(spec);
      case 'warm':
      case 'wake':
        return this.control.warm(spec);
      case 'sleep':
        return this.control.sleep(id);
      case 'pin':
      case 'unpin':
        await this.models.update(id, { isPinned: command === 'pin' });
        return;
      case 'unload':
        return this.control.unload(id);
      case 'restart':
        await this.control.stop(id);
        return this.control.warm(spec);
      case 'stop':
        return this.control.stop(id);
    }
  }

  private factsOf(model: LocalModel): CommandFacts {
    const { id, name, engine, isEnabled, isPinned } = model;
    const preset = this.engines.find(engine);
    const { state, reason, leases } = this.control.view(id);
    return {
      name,
      isEnabled,
      isPinned,
      isAttached: preset?.kind === 'attached',
      canSleep: preset !== undefined && canSleep(preset, model),
      isLoadingPaused: this.control.isLoadingPaused(),
      state,
      reason,
      leases,
    };
  }
}
