type ModelEntry = Readonly<Record<string, unknown>> & { readonly id: string };

function isModelEntry(value: unknown): value is ModelEntry {
  return (
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
  );
}

/** The entries of an OpenAI-style `GET /v1/models` answer; null when the body has another shape. */
export function openAiModels(body: unknown): ModelEntry[] | null {
  if (typeof body !== 'object' || body === null || !('data' in body)) return null;
  return Array.isArray(body.data) ? (body.data as unknown[]).filter(isModelEntry) : null;
}

/** The model ids of such an answer; null when the body has another shape. */
export function openAiModelIds(body: unknown): string[] | null {
  return openAiModels(body)?.map(({ id }) => id) ?? null;
}
