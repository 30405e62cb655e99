import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundModelFile } from './discovery.js';

const maxDepth = 6;
const maxFiles = 200;
const maxFolders = 2_000;
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
  const queue = folders.map((path) => ({ path, depth: 0 }));
  for (
    let visited = 0;
    queue.length > 0 && visited < maxFolders && files.size < maxFiles;
    visited += 1
  ) {
    const folder = queue.shift();
    if (folder === undefined) break;
    const entries = await readdir(folder.path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder.path, entry.name);
      if (entry.isDirectory() && folder.depth < maxDepth)
        queue.push({ path, depth: folder.depth + 1 });
      else if (isModel(entry.name)) await note(path, files);
    }
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
