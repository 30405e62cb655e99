import type { OpaqueToken } from '../canonical/content.js';
import { modelFamily } from '../capabilities/model-family.js';

/** Google's own stand-in for a call that no Gemini model has signed. https://ai.google.dev/gemini-api/docs/thought-signatures */
export const dummySignature = 'skip_thought_signature_validator';

/** @param model who signed, as far as that is known */
export function decodeSignature(
  signature: string | null,
  model: string | null = null,
): OpaqueToken | null {
  if (signature === null || signature === '' || signature === dummySignature) return null;
  const family = model === null ? null : modelFamily(model);
  return { origin: 'gemini-generate', kind: 'signature', data: signature, family };
}

/** What a Gemini client gets: tokens of other providers mean nothing in this place. */
export function encodeSignature(opaque: OpaqueToken | null | undefined): string | undefined {
  return opaque?.origin === 'gemini-generate' ? opaque.data : undefined;
}
