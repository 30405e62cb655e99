import type { OpaqueToken } from '../canonical/content.js';
import type { ObjectReader } from './json/object-reader.js';

/** Google's place for thought signatures in chat completions. https://ai.google.dev/gemini-api/docs/openai */
export interface ExtraContent {
  readonly extra_content?: { readonly google: { readonly thought_signature: string } } | undefined;
}

export function encodeExtraContent(opaque: OpaqueToken | null | undefined): ExtraContent {
  if (opaque?.origin !== 'gemini-generate') return {};
  return { extra_content: { google: { thought_signature: opaque.data } } };
}

export function decodeExtraContent(call: ObjectReader): { opaque?: OpaqueToken } {
  const google = call.optionalObject('extra_content')?.optionalObject('google');
  const data = google?.optionalString('thought_signature') ?? null;
  return data === null ? {} : { opaque: geminiToken(data) };
}

export function geminiToken(data: string): OpaqueToken {
  return { origin: 'gemini-generate', kind: 'signature', data, family: 'gemini' };
}
