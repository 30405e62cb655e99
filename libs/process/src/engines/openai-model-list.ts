/** The model ids of an OpenAI-style `GET /v1/models` answer; null when the body has another shape. */
export function openAiModelIds(body: unknown): string[] | null {
  if (typeof body !== 'object' || body === null || !('data' in body)) return null;
  if (!Array.isArray(body.data)) return null;
  return body.data.flatMap((entry: unknown) => {
    const hasId = typeof entry === 'object' && entry !== null && 'id' in entry;
    return hasId && typeof entry.id === 'string' ? [entry.id] : [];
  });
}
