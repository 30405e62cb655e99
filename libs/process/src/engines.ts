import type { EnginePreset } from './engine-preset.js';
import { createAttachedPreset } from './engines/attached.js';
import { createCustomPreset } from './engines/custom.js';
import type { CustomEngine } from './engines/custom/custom-engine.js';
import { createEmbeddedPreset } from './engines/embedded.js';
import type { EmbeddedOptions } from './engines/embedded.js';
import { createLlamaServerPreset } from './engines/llama-server.js';
import { createLlamaServerRouterPreset } from './engines/llama-server-router.js';
import { createLmStudioPreset } from './engines/lm-studio.js';
import { createLocalAiPreset } from './engines/local-ai.js';
import { createMlxLmServerPreset } from './engines/mlx-lm-server.js';
import { createMlxOpenAiServerPreset } from './engines/mlx-openai-server.js';
import { createAttachedOllamaPreset } from './engines/ollama-attached.js';
import { createOllamaPreset } from './engines/ollama.js';
import { createSglangPreset } from './engines/sglang.js';
import { createVllmMlxPreset } from './engines/vllm-mlx.js';
import { createVllmPreset } from './engines/vllm.js';

export interface EngineOptions {
  /** Absolute path of llama-server; null or absent looks it up on the PATH. */
  readonly llamaServerBinary?: string | null;
  readonly embedded?: EmbeddedOptions;
  /** Engines the owner of this machine declared; see `readCustomEngines`. */
  readonly custom?: readonly CustomEngine[];
}

/** Every engine the product knows. A new engine is one file in `engines/` and one line here. */
export function shippedEngines(options: EngineOptions = {}): EnginePreset[] {
  const binary = options.llamaServerBinary ?? null;
  return [
    createEmbeddedPreset(options.embedded),
    createLlamaServerPreset({ binary }),
    createLlamaServerRouterPreset({ binary }),
    createMlxOpenAiServerPreset(),
    createVllmMlxPreset(),
    createMlxLmServerPreset(),
    createVllmPreset(),
    createSglangPreset(),
    createOllamaPreset(),
    createAttachedOllamaPreset(),
    createLmStudioPreset(),
    createLocalAiPreset(),
    createAttachedPreset(),
    ...(options.custom ?? []).map(createCustomPreset),
  ];
}
