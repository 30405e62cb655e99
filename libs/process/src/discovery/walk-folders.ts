import { readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';

const maxDepth = 6;
const maxFolders = 2_000;

interface VisitedFolder {
  readonly path: string;
  readonly entries: readonly Dirent[];
}

/** Folders below the given ones, breadth first, bounded in depth and number. Links to folders are not followed. */
export async function* walkFolders(folders: readonly string[]): AsyncGenerator<VisitedFolder> {
  const queue = folders.map((path) => ({ path, depth: 0 }));
  for (let visited = 0; visited < maxFolders; visited += 1) {
    const folder = queue.shift();
    if (folder === undefined) return;
    const entries = await readdir(folder.path, { withFileTypes: true }).catch(() => []);
    yield { path: folder.path, entries };
    if (folder.depth === maxDepth) continue;
    for (const entry of entries) {
      if (entry.isDirectory()) {
        queue.push({ path: join(folder.path, entry.name), depth: folder.depth + 1 });
      }
    }
  }
}
