import { GatewayError, protocols, type ProtocolId, type WireProtocolId } from '#translation';

/**
 * The protocol to speak to a target: the caller's own where the target knows it, so that bytes pass through; else the
 * one the target prefers, through translation. Pure.
 * @throws GatewayError `unsupported_by_target` for a caller that cannot be translated
 */
export function chooseProtocol(
  caller: WireProtocolId,
  target: { readonly label: string; readonly spoken: readonly WireProtocolId[] },
): WireProtocolId {
  if (target.spoken.includes(caller)) return caller;
  const preferred = target.spoken.find(isSpokenOnBothSides);
  if (caller !== 'openai-embeddings' && preferred !== undefined) return preferred;
  throw new GatewayError(
    'unsupported_by_target',
    `${target.label} has no embeddings API that this gateway can reach. Route to a target that has one.`,
  );
}

function isSpokenOnBothSides(id: WireProtocolId): id is ProtocolId {
  return Object.hasOwn(protocols, id);
}
