import { lookUpCapabilities, type CapabilityQuestion } from '#adapters';
import {
  protocols,
  type ModelCapabilities,
  type ProtocolId,
  type WireProtocolId,
} from '#translation';

/** What a target takes when a protocol is spoken to it. */
export type TargetCapabilities = (protocol: WireProtocolId) => ModelCapabilities;

/**
 * The rows that ship, overruled by what the provider tells and what the owner says. Looked up once for each protocol and kept, since every request
 * asks.
 */
export function targetCapabilities(
  question: Omit<CapabilityQuestion, 'protocol'>,
  overrides: Partial<ModelCapabilities> | null,
): TargetCapabilities {
  const known = new Map<WireProtocolId, ModelCapabilities>();
  return (protocol) => {
    const found = known.get(protocol);
    if (found !== undefined) return found;
    // completions and embeddings are served by those who serve chat
    const spoken = Object.hasOwn(protocols, protocol) ? (protocol as ProtocolId) : 'openai-chat';
    const capabilities = { ...lookUpCapabilities({ ...question, protocol: spoken }), ...overrides };
    known.set(protocol, capabilities);
    return capabilities;
  };
}
