import type { AttachedEnginePreset } from '../engine-preset.js';
import { mainMemory } from '../engine-traits.js';
import { createAttachedPreset } from './attached.js';
import { ollamaModelName } from './model-list/ollama-model-name.js';
import { ollamaTraits, ollamaUnload } from './ollama.js';

/** The Ollama that runs as the user's service. Models it only passes on to its cloud are never used. */
export function createAttachedOllamaPreset(): AttachedEnginePreset {
  return {
    ...createAttachedPreset(),
    id: 'ollama-attached',
    traits: {
      ...ollamaTraits,
      title: 'Ollama, already running',
      memory: mainMemory,
      stop: null,
    },
    identity: { path: '/v1/models', servedModel: ollamaModelName },
    // How long it stays after that is for the settings of that Ollama to say.
    sleep: ollamaUnload,
  };
}
