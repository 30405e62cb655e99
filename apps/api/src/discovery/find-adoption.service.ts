import type { FoundModel } from '#process';
import { Injectable } from '@nestjs/common';
import { GatewayError } from '#translation';
import { ValidationFault } from '../common/management/validation-fault.js';
import type { LocalModel } from '../models/local-model.entity.js';
import { LocalModelsService } from '../models/local-models.service.js';
import type { ModelRoute } from '../routes/model-route.entity.js';
import { ModelRoutesService } from '../routes/model-routes.service.js';
import type { AdoptFindDto } from './adopt-find.dto.js';
import { MachineDiscovery } from './machine-discovery.service.js';

export interface Adoption {
  readonly localModel: LocalModel;
  readonly route: ModelRoute;
}

/** Turns something found on this machine into a local model with a route of the same name. */
@Injectable()
export class FindAdoption {
  constructor(
    private readonly discovery: MachineDiscovery,
    private readonly models: LocalModelsService,
    private readonly routes: ModelRoutesService,
  ) {}

  /** @throws GatewayError when the find is gone, ValidationFault when no engine can serve it. */
  async adopt({ findId, name, engine }: AdoptFindDto): Promise<Adoption> {
    const find = await this.discovery.find(findId);
    if (find === null) {
      throw new GatewayError(
        'not_found',
        'Nothing with this id is on this machine now. Read /api/discovery again and take an id from there.',
      );
    }
    return this.add(find, { name: name ?? find.name, engine: chooseEngine(find, engine) });
  }

  /** A model without a route would be of no use, so both are made or none. */
  async add(
    find: Pick<FoundModel, 'modelPath' | 'endpoint' | 'upstreamModel'>,
    { name, engine }: { readonly name: string; readonly engine: string },
  ): Promise<Adoption> {
    const { modelPath, endpoint, upstreamModel } = find;
    const fields = { name, engine, modelPath, endpoint, upstreamModel };
    const localModel = await this.models.create(fields);
    try {
      const targets = [{ kind: 'local' as const, localModelId: localModel.id }];
      return { localModel, route: await this.routes.create({ name, targets }) };
    } catch (error) {
      await this.models.remove(localModel.id);
      throw error;
    }
  }
}

function chooseEngine({ engines }: FoundModel, wanted: string | undefined): string {
  const chosen = wanted === undefined ? engines[0] : engines.find((engine) => engine === wanted);
  if (chosen !== undefined) return chosen;
  const message =
    engines.length === 0
      ? 'is needed first: no engine that is installed here can serve this model'
      : `must be one of ${engines.join(', ')} for this model`;
  throw new ValidationFault([{ path: 'engine', message }]);
}
