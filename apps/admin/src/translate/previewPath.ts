import type { TranslationQuestion } from './TranslationPreview.js';

/** The address that answers a question, on the panel's own origin. */
export function previewPath({
  protocol,
  lossMode,
  address,
}: Omit<TranslationQuestion, 'body'>): string {
  const query = new URLSearchParams({
    protocol,
    ...(lossMode !== null && { lossMode }),
    ...(address !== null && { model: address.model, stream: String(address.isStream) }),
  });
  return `/v1/translate?${query}`;
}
