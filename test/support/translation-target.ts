import {
  defaultCapabilities,
  type ModelCapabilities,
  type ProtocolId,
  type TranslationTarget,
} from '#translation';

/** A target for tests of one protocol: what is not said is as for a model that no row describes. */
export function translationTarget(
  protocol: ProtocolId,
  changes: Partial<TranslationTarget & ModelCapabilities> = {},
): TranslationTarget {
  const {
    model = 'target-model',
    label,
    isLocal = false,
    anthropicVersion,
    lossMode,
    ...rest
  } = changes;
  return {
    model,
    label: label ?? `provider/${model}`,
    isLocal,
    anthropicVersion,
    lossMode: lossMode ?? 'warn',
    capabilities: { ...defaultCapabilities(protocol, isLocal), ...rest },
  };
}
