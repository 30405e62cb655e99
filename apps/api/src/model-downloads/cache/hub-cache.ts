import type { HubFile } from '#adapters';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DownloadError } from '../download-failure.js';
import { hashFile } from './hash-file.js';
import { isMissing } from './is-missing.js';
import { linkSnapshotFile } from './link-snapshot-file.js';

/**
 * One repository in the cache layout of the Hugging Face hub, `models--owner--name/{blobs,refs,snapshots}`: contents
 * lie under their hashes, snapshots hold links to them, and a ref names the commit that a branch was. What is not
 * complete has the ending `.incomplete`.
 */
export class HubCache {
  readonly folder: string;

  constructor(
    private readonly cacheFolder: string,
    repository: string,
  ) {
    this.folder = join(cacheFolder, `models--${repository.replaceAll('/', '--')}`);
  }

  snapshotFolder(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  filePath(commit: string, { path }: Pick<HubFile, 'path'>): string {
    return join(this.snapshotFolder(commit), ...path.split('/'));
  }

  /** Is the content there, whoever fetched it? It was checked before it got its name. */
  async isComplete(commit: string, file: HubFile): Promise<boolean> {
    const sizes = [this.blobPath(file), this.filePath(commit, file)].map(sizeOf);
    return (await Promise.all(sizes)).includes(file.sizeBytes);
  }

  /** Bytes of an unfinished file that are on the disk. */
  async partialBytes(file: HubFile): Promise<number> {
    const sizeBytes = (await sizeOf(this.partialPath(file))) ?? 0;
    return Math.min(sizeBytes, file.sizeBytes);
  }

  /** Opens an unfinished file for writing, made if need be. Never through a link. */
  async openPartial(file: HubFile): Promise<FileHandle> {
    await mkdir(join(this.folder, 'blobs'), { recursive: true, mode: 0o700 });
    const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    return open(this.partialPath(file), flags, 0o600);
  }

  async dropPartial(file: HubFile): Promise<void> {
    await rm(this.partialPath(file), { force: true });
  }

  /**
   * Gives a fetched file its place, durably, if its content is what the hub says; else removes it.
   * @throws DownloadError `wrong_content`
   */
  async accept(file: HubFile, signal: AbortSignal): Promise<void> {
    const partial = this.partialPath(file);
    const isRight =
      (await sizeOf(partial)) === file.sizeBytes &&
      (await hashFile(partial, file, signal)) === file.hash;
    if (!isRight) {
      await this.dropPartial(file);
      throw new DownloadError(
        'wrong_content',
        `The content of ${file.path} is not what the hub says it is; it was removed.`,
        'damaged',
      );
    }
    await rename(partial, this.blobPath(file));
    await syncFolder(join(this.folder, 'blobs'));
  }

  /**
   * Shows a complete file in the snapshot of a commit.
   * @throws DownloadError when its content has been removed since
   */
  async link(commit: string, file: HubFile): Promise<void> {
    if ((await sizeOf(this.blobPath(file))) === null) {
      // where no links may be made, caches hold the file itself
      if (await this.isComplete(commit, file)) return;
      throw new DownloadError('disk_error', `${file.path} was removed meanwhile.`, 'passing');
    }
    await linkSnapshotFile({
      root: this.folder,
      snapshotFolder: this.snapshotFolder(commit),
      blobPath: this.blobPath(file),
      path: this.filePath(commit, file),
    });
  }

  /** Says that the revision is this commit, as the hub's own tools look it up when they are offline. */
  async writeRef(revision: string, commit: string): Promise<void> {
    if (revision === commit) return;
    const path = join(this.folder, 'refs', ...revision.split('/'));
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = `${path}.incomplete`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(commit);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  }

  async makeFolder(): Promise<string> {
    await mkdir(this.cacheFolder, { recursive: true, mode: 0o700 });
    return this.cacheFolder;
  }

  blobPath({ hash }: Pick<HubFile, 'hash'>): string {
    return join(this.folder, 'blobs', hash);
  }

  private partialPath(file: HubFile): string {
    return `${this.blobPath(file)}.incomplete`;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    const entry = await stat(path);
    return entry.isFile() ? entry.size : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Some systems cannot sync a folder; there the name is as durable as they make it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
