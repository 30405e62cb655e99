import { join } from 'node:path';
import type { Discovery } from './discovery.js';
import { findEngines } from './find-engines.js';
import { existingFolders, findModelFiles } from './find-model-files.js';
import { findServers } from './find-servers.js';

export interface DiscoverOptions {
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
  const wanted = [
    ...options.modelFolders,
    ...usualFolders.map((folder) => join(options.homeDir, folder)),
  ];
  const modelFolders = await existingFolders(wanted);
  const [engines, servers, modelFiles] = await Promise.all([
    findEngines(options.environment),
    findServers(options.skipPorts ?? []),
    findModelFiles(modelFolders),
  ]);
  return { engines, servers, modelFiles, modelFolders };
}
