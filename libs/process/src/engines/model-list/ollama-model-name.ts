import type { LocalModelSpec } from '../../local-model-spec.js';
import { ProcessError } from '../../process-error.js';
import { openAiModelIds } from './openai-model-list.js';

/** Ollama passes these names on to its cloud: what is sent to them leaves this machine. */
export function isCloudModel(name: string): boolean {
  return /[:-]cloud$/i.test(name);
}

/** Refuses the names of models that do not run here. */
export function refuseCloudModel({ name, upstreamModel }: LocalModelSpec): ProcessError | null {
  if (upstreamModel === null || !isCloudModel(upstreamModel)) return null;
  return new ProcessError(
    'model-missing',
    `"${upstreamModel}" runs in Ollama's cloud, so "${name}" is no local model. Choose a model of this machine, or add the cloud as a provider.`,
  );
}

/** The name as Ollama lists it: a name without a tag means `:latest`. Null when it lists no such model. */
export function ollamaModelName(body: unknown, { upstreamModel }: LocalModelSpec): string | null {
  const local = (openAiModelIds(body) ?? []).filter((id) => !isCloudModel(id));
  if (upstreamModel === null) return local[0] ?? null;
  return local.find((id) => id === upstreamModel || id === `${upstreamModel}:latest`) ?? null;
}
