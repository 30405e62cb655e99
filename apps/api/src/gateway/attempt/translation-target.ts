import { providerDefinitions } from '#adapters';
import {
  defaultCapabilities,
  type LossMode,
  type ProtocolId,
  type TranslationTarget,
  type WireProtocolId,
} from '#translation';
import type { ResolvedTarget } from '../../routing/resolved-target.js';

interface Upstream {
  readonly protocol: WireProtocolId;
  /** The model's name there. */
  readonly model: string;
}

/** What a translation must know of the upstream. The owner's word on capabilities is the last. */
export function translationTarget(
  target: ResolvedTarget,
  { protocol, model }: Upstream,
  lossMode: LossMode,
): TranslationTarget {
  const definition = providerDefinitions[protocol];
  const isLocal = target.kind === 'local';
  return {
    model,
    label: target.label,
    isLocal,
    capabilities: {
      ...defaultCapabilities(protocol as ProtocolId, isLocal, model),
      takesSampling: isLocal || definition.takesSampling(model),
      ...target.capabilities,
    },
    lossMode,
    anthropicVersion: definition.apiVersion(null) ?? undefined,
  };
}
