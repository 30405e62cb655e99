import { providerDefinitions } from '#adapters';
import { defaultCapabilities, type ProtocolId, type TranslationTarget } from '#translation';
import type { ResolvedTarget } from '../../routing/resolved-target.js';
import type { RequestJob } from './attempt-job.js';
import type { Destination } from './destination.js';

/** What a translation must know of the upstream. The owner's word on capabilities is the last. */
export function translationTarget(
  { call, lossMode }: RequestJob,
  target: ResolvedTarget,
  { endpoint, model, isLocal, apiVersion }: Destination,
): TranslationTarget {
  const definition = providerDefinitions[endpoint.protocol];
  return {
    model,
    label: target.label,
    isLocal,
    capabilities: {
      ...defaultCapabilities(endpoint.protocol as ProtocolId, isLocal),
      takesSampling: isLocal || definition.takesSampling(model),
      ...target.capabilities,
    },
    lossMode: call.key.lossMode ?? lossMode,
    anthropicVersion: apiVersion ?? undefined,
  };
}
