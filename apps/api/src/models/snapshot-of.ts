import type { LocalModelSpec } from '#process';
import type { ModelCapabilities } from '#translation';
import type { LocalModel } from './local-model.entity.js';

/** A local model as routing and supervision know it. */
export interface LocalModelSnapshot extends LocalModelSpec {
  readonly isEnabled: boolean;
  readonly capabilities: Partial<ModelCapabilities> | null;
}

export function snapshotOf(model: LocalModel): LocalModelSnapshot {
  return {
    id: model.id,
    name: model.name,
    revision: model.updatedAt,
    isEnabled: model.isEnabled,
    engine: model.engine,
    modelPath: model.modelPath,
    endpoint: model.endpoint,
    upstreamModel: model.upstreamModel,
    contextTokens: model.contextTokens,
    parallelSlots: model.parallelSlots,
    idleStopMs: model.idleStopMs,
    memoryBytes: model.memoryBytes,
    isPinned: model.isPinned,
    exclusiveGroup: model.exclusiveGroup,
    abandoned: model.whenAbandoned,
    minResidencyMs: model.minResidencyMs,
    evictBusyAfterMs: model.evictBusyAfterMs,
    keepWeight: model.keepWeight,
    isSleepEnabled: model.isSleepEnabled,
    onGatewayDeath: model.onGatewayDeath,
    capabilities: model.capabilities,
  };
}
