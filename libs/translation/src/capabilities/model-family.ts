/**
 * The family of a model by its name: `claude`, `gpt`, `gemini`, `qwen`. Opaque tokens of one family mean nothing to
 * another. A vendor in front (`anthropic/claude-…`) and what follows the first letters do not count.
 */
export function modelFamily(model: string): string {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  return /^[a-z]+/.exec(name)?.[0] ?? name;
}
