import type { OpaqueToken } from '../canonical/content.js';

/** Google's place for thought signatures in chat completions. https://ai.google.dev/gemini-api/docs/openai */
export interface ExtraContent {
  readonly extra_content?: { readonly google: { readonly thought_signature: string } } | undefined;
}

export function encodeExtraContent(opaque: OpaqueToken | null | undefined): ExtraContent {
  if (opaque?.origin !== 'gemini-generate') return {};
  return { extra_content: { google: { thought_signature: opaque.data } } };
}
