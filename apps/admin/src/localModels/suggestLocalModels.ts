import type { Discovery } from '../discovery/Discovery.js';

/** A model that was found on this machine, as the form of a new local model would hold it. */
export interface LocalModelSuggestion {
  readonly name: string;
  readonly engine: string;
  readonly modelPath?: string;
  readonly endpoint?: string;
  readonly upstreamModel?: string;
}

/** `Qwen3-8B-Instruct-Q4_K_M.gguf` → `qwen3-8b-instruct`: the name without the quantisation. */
export function nameFromPath(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.gguf$/i, '');
  const bare = file.replace(/[.-](?:I?Q\d\w*|F16|BF16|F32)$/i, '');
  const name = bare.toLowerCase().replace(/[^a-z0-9._:/-]+/g, '-');
  return name.replace(/^[^a-z0-9]+|-+$/g, '');
}

export function suggestFromFile(path: string, discovery: Discovery): LocalModelSuggestion {
  const hasServer = discovery.engines.some(({ id }) => id === 'llama-server');
  return {
    name: nameFromPath(path),
    engine: hasServer ? 'llama-server' : 'embedded',
    modelPath: path,
  };
}

export function suggestFromServer(origin: string, model: string): LocalModelSuggestion {
  return { name: model, engine: 'attached', endpoint: origin, upstreamModel: model };
}

/** Servers first: they already run. */
export function suggestLocalModels(discovery: Discovery): readonly LocalModelSuggestion[] {
  return [
    ...discovery.servers.flatMap(({ origin, models }) =>
      models.map((model) => suggestFromServer(origin, model)),
    ),
    ...discovery.modelFiles.map(({ path }) => suggestFromFile(path, discovery)),
  ];
}
