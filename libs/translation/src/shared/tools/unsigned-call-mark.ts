/**
 * Google's own stand-in for the signature of a call that no Gemini model has made; of parallel calls, only the first
 * needs it. https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export const unsignedCallMark = 'skip_thought_signature_validator';
