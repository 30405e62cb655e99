import { join } from 'node:path';
import type { EnginePreset } from '../engine-preset.js';
import type { Discovery } from './discovery.js';
import { findEngines } from './find-engines.js';
import { existingFolders, findModelFiles } from './find-model-files.js';
import { findModelFolders } from './find-model-folders.js';
import { findOllamaModels } from './find-ollama-models.js';
import { findServers } from './find-servers.js';
import { listFoundModels } from './list-found-models.js';

export interface DiscoverOptions {
  /** The engines to look for. */
  readonly presets: readonly EnginePreset[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Folders to look through besides the usual ones. */
  readonly modelFolders: readonly string[];
  /** Ports not to knock at, such as one's own. */
  readonly skipPorts?: readonly number[];
}

/** Where llama.cpp, the Hugging Face hub and LM Studio keep model files. */
const usualFolders = [
  '.cache/llama.cpp',
  '.cache/huggingface/hub',
  '.lmstudio/models',
  '.cache/lm-studio/models',
  'models',
];

/** Looks round on this machine. Starts nothing, sends no prompt anywhere, and takes at most a few seconds. */
export async function discover(options: DiscoverOptions): Promise<Discovery> {
  const { presets, environment, homeDir } = options;
  const wanted = [...options.modelFolders, ...usualFolders.map((folder) => join(homeDir, folder))];
  const folders = await existingFolders(wanted);
  const [engines, servers, modelFiles, modelFolders, ollamaModels] = await Promise.all([
    findEngines(presets, environment),
    findServers(options.skipPorts ?? []),
    findModelFiles(folders),
    findModelFolders(folders),
    // its default place; a service of its own user keeps them elsewhere, and is found as a server
    findOllamaModels(join(homeDir, '.ollama/models')),
  ]);
  const installed = presets.filter(({ id }) => engines.some((engine) => engine.id === id));
  const finds = { servers, modelFiles, modelFolders, ollamaModels };
  const models = listFoundModels(finds, installed);
  return { engines, servers, modelFiles, models, modelFolders: folders };
}
