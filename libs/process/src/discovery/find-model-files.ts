import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundModelFile } from './discovery.js';
import { walkFolders } from './walk-folders.js';

const maxFiles = 200;
/** A split model is served by naming its first part. */
const laterPart = /-(?!00001)\d{5}-of-\d{5}\.gguf$/i;

export async function existingFolders(folders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map((folder) =>
      stat(folder).then(
        (entry) => entry.isDirectory(),
        () => false,
      ),
    ),
  );
  return [...new Set(folders.filter((_, index) => found[index]))];
}

/** GGUF models below the folders, bounded in depth and number; companion files of vision models are left out. */
export async function findModelFiles(folders: readonly string[]): Promise<FoundModelFile[]> {
  const files = new Map<string, FoundModelFile>();
  for await (const { path, entries } of walkFolders(folders)) {
    if (files.size >= maxFiles) break;
    for (const { name } of entries) if (isModel(name)) await note(join(path, name), files);
  }
  return [...files.values()].slice(0, maxFiles);
}

function isModel(name: string): boolean {
  return /\.gguf$/i.test(name) && !/mmproj/i.test(name) && !laterPart.test(name);
}

/** Links are followed: the Hugging Face cache keeps its files behind them, and several may lead to one file. */
async function note(path: string, files: Map<string, FoundModelFile>): Promise<void> {
  try {
    const [target, entry] = await Promise.all([realpath(path), stat(path)]);
    if (entry.isFile() && !files.has(target)) files.set(target, { path, sizeBytes: entry.size });
  } catch {
    // a link to nowhere is no model
  }
}
