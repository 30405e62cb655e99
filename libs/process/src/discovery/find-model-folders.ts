import type { Dirent } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundModelFolder } from './discovery.js';
import { walkFolders } from './walk-folders.js';

const maxFound = 200;
const weights = /\.safetensors$/i;

/** Folders that hold a model in the form of the Hugging Face hub: `config.json` beside `*.safetensors`. */
export async function findModelFolders(folders: readonly string[]): Promise<FoundModelFolder[]> {
  const found = new Map<string, FoundModelFolder>();
  for await (const { path, entries } of walkFolders(folders)) {
    if (found.size >= maxFound) break;
    const files = entries.filter(({ name }) => weights.test(name));
    if (files.length === 0 || !entries.some(({ name }) => name === 'config.json')) continue;
    const sizeBytes = await totalSize(path, files);
    // a download that was cut off leaves links to nowhere
    if (sizeBytes > 0) found.set(path, { path, name: modelName(path), sizeBytes });
  }
  return [...found.values()];
}

async function totalSize(path: string, files: readonly Dirent[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(({ name }) =>
      stat(join(path, name)).then(
        ({ size }) => size,
        () => Number.NEGATIVE_INFINITY,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** `org/model` of a folder of the hub's cache (`models--org--model/snapshots/<revision>`), else the folder's name. */
function modelName(path: string): string {
  const cached = /(?:^|[\\/])models--([^\\/]+)[\\/]snapshots[\\/][^\\/]+$/.exec(path)?.[1];
  if (cached !== undefined) return cached.replace('--', '/');
  return path.split(/[\\/]/).at(-1) ?? path;
}
