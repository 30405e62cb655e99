import type { OpaqueToken } from '../canonical/content.js';

/**
 * Anthropic clients expect every thinking block to be signed. Thinking of other models gets this mark,
 * which Anthropic would refuse; so blocks that carry it are not sent there.
 */
export const unsignedThinkingMark = 'spillway.unsigned.v1';

/** What to write as `signature` of a thinking block for a client. */
export function encodeSignature(opaque: OpaqueToken | null): string {
  return opaque?.origin === 'anthropic-messages' && opaque.kind === 'signature'
    ? opaque.data
    : unsignedThinkingMark;
}

/** null for blocks that no provider has signed: our mark, and the empty signature of local engines. */
export function decodeSignature(signature: string | null): OpaqueToken | null {
  if (signature === null || signature === '' || signature === unsignedThinkingMark) return null;
  return { origin: 'anthropic-messages', kind: 'signature', data: signature };
}
