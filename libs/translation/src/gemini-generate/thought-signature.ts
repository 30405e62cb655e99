import type { OpaqueToken } from '../canonical/content.js';
import { modelFamily } from '../capabilities/model-family.js';
import { unsignedCallMark } from '../shared/tools/unsigned-call-mark.js';
import { readToken, writeToken } from '../shared/tokens/opaque-envelope.js';

/**
 * The token in a part's slot, which may be an envelope with that of another provider.
 * @param model who signed, as far as that is known
 */
export function decodeSignature(
  signature: string | null,
  model: string | null = null,
): OpaqueToken | null {
  if (signature === unsignedCallMark) return null;
  const family = model === null ? null : modelFamily(model);
  return readToken(signature, { origin: 'gemini-generate', kind: 'signature', family }).token;
}

/** Every part has a slot, so a token always goes with its own. */
export function encodeSignature(opaque: OpaqueToken | null | undefined): string | undefined {
  if (opaque === null || opaque === undefined) return undefined;
  return opaque.origin === 'gemini-generate' ? opaque.data : writeToken(opaque, 'gemini-generate');
}
