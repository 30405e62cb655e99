import {
  GatewayError,
  protocols,
  type ModelCapabilities,
  type ProtocolId,
  type RequestEnvelope,
  type WireProtocolId,
} from '#translation';

interface Spoken {
  readonly label: string;
  /** The one the target prefers first. */
  readonly spoken: readonly WireProtocolId[];
  capabilities(protocol: WireProtocolId): ModelCapabilities;
}

/**
 * The protocol to speak to a target: the caller's own where the target knows it, so that bytes pass through; else the
 * one the target prefers, through translation. Pure.
 * @throws GatewayError `unsupported_by_target` for a caller that cannot be translated
 */
export function chooseProtocol(
  caller: WireProtocolId,
  target: Spoken,
  envelope: Pick<RequestEnvelope, 'hasTools' | 'kept'>,
): WireProtocolId {
  if (needsResponses(caller, target, envelope)) return 'openai-responses';
  if (target.spoken.includes(caller)) return caller;
  const preferred = target.spoken.find(isSpokenOnBothSides);
  if (caller !== 'openai-embeddings' && preferred !== undefined) return preferred;
  throw new GatewayError(
    'unsupported_by_target',
    `${target.label} has no embeddings API that this gateway can reach. Route to a target that has one.`,
  );
}

/**
 * OpenAI's newer models refuse tools together with reasoning in chat completions. A caller of another protocol, whose
 * wish to reason stands deeper in the request, is sent the same way whenever it brings tools.
 */
function needsResponses(
  caller: WireProtocolId,
  target: Spoken,
  { hasTools, kept }: Pick<RequestEnvelope, 'hasTools' | 'kept'>,
): boolean {
  if (hasTools !== true || !target.spoken.includes('openai-responses')) return false;
  const goesToChat =
    caller === 'openai-chat'
      ? (kept?.['reasoning_effort'] ?? 'none') !== 'none'
      : !target.spoken.includes(caller);
  return goesToChat && target.capabilities('openai-chat').needsResponsesForReasoningTools;
}

function isSpokenOnBothSides(id: WireProtocolId): id is ProtocolId {
  return Object.hasOwn(protocols, id);
}
