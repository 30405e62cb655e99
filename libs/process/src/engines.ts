import type { EnginePreset } from './engine-preset.js';
import { createAttachedPreset } from './engines/attached.js';
import { createEmbeddedPreset } from './engines/embedded.js';
import type { EmbeddedOptions } from './engines/embedded.js';
import { createLlamaServerPreset } from './engines/llama-server.js';

export interface EngineOptions {
  /** Absolute path of llama-server; null or absent looks it up on the PATH. */
  readonly llamaServerBinary?: string | null;
  readonly embedded?: EmbeddedOptions;
}

/** Every engine the product knows. A new engine is one file in `engines/` and one line here. */
export function shippedEngines(options: EngineOptions = {}): EnginePreset[] {
  return [
    createEmbeddedPreset(options.embedded),
    createLlamaServerPreset({ binary: options.llamaServerBinary ?? null }),
    createAttachedPreset(),
  ];
}
