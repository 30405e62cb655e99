import type { HubFile } from '#adapters';
import { readdir, readFile, realpath, rm, rmdir } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { HubCache } from './hub-cache.js';
import { isMissing } from './is-missing.js';

/**
 * Takes files out of a snapshot, and their contents out of the cache where no other snapshot shows them and nobody
 * holds them. Folders that are empty then go, and refs to a snapshot that is gone.
 */
export async function removeFromCache(
  cache: HubCache,
  commit: string,
  files: readonly HubFile[],
  heldHashes: ReadonlySet<string>,
): Promise<void> {
  for (const file of files) {
    const path = cache.filePath(commit, file);
    await rm(path, { force: true });
    await removeEmptyFolders(dirname(path), cache.snapshotFolder(commit));
  }
  const shown = await shownContents(join(cache.folder, 'snapshots'));
  for (const file of files.filter(({ hash }) => !heldHashes.has(hash))) {
    const path = cache.blobPath(file);
    const real = await orIfMissing<string | null>(realpath(path), null);
    if (real !== null && !shown.has(real)) await rm(path, { force: true });
  }
  const snapshots = await orIfMissing(readdir(join(cache.folder, 'snapshots')), []);
  if (!snapshots.includes(commit)) await removeRefs(join(cache.folder, 'refs'), commit);
  for (const name of ['snapshots', 'blobs', 'refs'])
    await rmdir(join(cache.folder, name)).catch(() => undefined);
  await rmdir(cache.folder).catch(() => undefined);
}

/** From the file's folder up to that of the snapshot. */
async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (let path = folder; path === top || path.startsWith(top + sep); path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

/** What the links of all snapshots lead to. A snapshot that cannot be read may show anything, so then nothing is removed. */
async function shownContents(folder: string): Promise<Set<string>> {
  const listing = readdir(folder, { recursive: true, withFileTypes: true });
  const paths = (await orIfMissing(listing, []))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => orIfMissing(realpath(join(entry.parentPath, entry.name)), ''));
  return new Set(await Promise.all(paths));
}

/** @throws whatever else the file system says than that there is nothing. */
async function orIfMissing<Found>(looking: Promise<Found>, none: NoInfer<Found>): Promise<Found> {
  try {
    return await looking;
  } catch (error) {
    if (isMissing(error)) return none;
    throw error;
  }
}

async function removeRefs(folder: string, commit: string): Promise<void> {
  const entries = await orIfMissing(readdir(folder, { recursive: true, withFileTypes: true }), []);
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path, 'utf8')).trim() !== commit) continue;
    await rm(path, { force: true });
    await removeEmptyFolders(dirname(path), folder);
  }
}
