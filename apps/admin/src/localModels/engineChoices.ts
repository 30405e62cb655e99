/** What a local model names for its engine; the inputs of the form follow from it. */
export type EngineNeed = 'file' | 'folder' | 'folder-and-name' | 'name' | 'server';

export interface EngineChoice {
  readonly id: string;
  readonly name: string;
  readonly explanation: string;
  readonly need: EngineNeed;
  /** It can be started so that it gives its memory back without ending. */
  readonly hasSleepSwitch?: true;
}

/** The engines of the product, the usual ones first. */
export const engineChoices: readonly EngineChoice[] = [
  {
    id: 'llama-server',
    name: 'llama-server',
    explanation:
      'Spillway starts llama.cpp’s server when a request needs it and stops it when idle. The usual choice for a .gguf file.',
    need: 'file',
  },
  {
    id: 'embedded',
    name: 'Embedded engine',
    explanation: 'Runs the .gguf file in a process of Spillway’s own, without llama-server.',
    need: 'file',
  },
  {
    id: 'attached',
    name: 'Attached server',
    explanation:
      'Any OpenAI-compatible server that is already listening on this machine. Spillway uses it but does not start or stop it.',
    need: 'server',
  },
  {
    id: 'ollama-attached',
    name: 'Ollama, already running',
    explanation: 'Uses the Ollama that runs as your service. Models of its cloud are never used.',
    need: 'server',
  },
  {
    id: 'lm-studio',
    name: 'LM Studio, already running',
    explanation: 'Uses LM Studio’s server, and only the model you name.',
    need: 'server',
  },
  {
    id: 'ollama',
    name: 'Ollama',
    explanation: 'Spillway starts an Ollama of its own with the models you have pulled.',
    need: 'name',
  },
  {
    id: 'vllm',
    name: 'vLLM',
    explanation: 'Runs a folder with config.json and weights on NVIDIA, AMD or a Mac.',
    need: 'folder',
    hasSleepSwitch: true,
  },
  {
    id: 'sglang',
    name: 'sglang',
    explanation: 'Runs a folder with config.json and weights on Linux.',
    need: 'folder',
  },
  {
    id: 'mlx-openai-server',
    name: 'mlx-openai-server',
    explanation: 'Runs a folder in MLX format on Apple silicon.',
    need: 'folder',
  },
  {
    id: 'vllm-mlx',
    name: 'vllm-mlx',
    explanation: 'Runs a folder in MLX format on Apple silicon, many requests at once.',
    need: 'folder',
  },
  {
    id: 'mlx-lm-server',
    name: 'mlx_lm.server',
    explanation: 'Apple’s own server for a folder in MLX format.',
    need: 'folder',
  },
  {
    id: 'llama-server-router',
    name: 'llama-server as a router',
    explanation: 'One llama-server for a whole folder of .gguf files; it loads the one you name.',
    need: 'folder-and-name',
  },
  {
    id: 'localai',
    name: 'LocalAI',
    explanation: 'One LocalAI for a folder of models; it loads the one you name.',
    need: 'folder-and-name',
  },
];

export function engineName(engine: string): string {
  return engineChoices.find(({ id }) => id === engine)?.name ?? engine;
}

/** What an engine needs; one declared on the host is taken to need a file. */
export function engineNeed(engine: string | undefined): EngineNeed {
  return engineChoices.find(({ id }) => id === engine)?.need ?? 'file';
}

export function hasSleepSwitch(engine: string | undefined): boolean {
  return engineChoices.find(({ id }) => id === engine)?.hasSleepSwitch === true;
}

/** Is it run by somebody else? Then it is neither started nor stopped here. */
export function isAttached(engine: string | undefined): boolean {
  return engineNeed(engine) === 'server';
}
