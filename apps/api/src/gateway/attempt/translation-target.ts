import { providerDefinitions } from '#adapters';
import type { LossMode, TranslationTarget, WireProtocolId } from '#translation';
import type { ResolvedTarget } from '../../routing/resolved-target.js';

interface Upstream {
  readonly protocol: WireProtocolId;
  /** The model's name there. */
  readonly model: string;
}

/** What a translation must know of the upstream. */
export function translationTarget(
  target: ResolvedTarget,
  { protocol, model }: Upstream,
  lossMode: LossMode,
): TranslationTarget {
  const definition = providerDefinitions[protocol];
  return {
    model,
    label: target.label,
    isLocal: target.kind === 'local',
    capabilities: target.capabilities(protocol),
    lossMode,
    anthropicVersion: definition.apiVersion(null) ?? undefined,
  };
}
