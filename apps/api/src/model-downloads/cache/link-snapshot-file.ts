import { copyFile, mkdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { DownloadError } from '../download-failure.js';

interface SnapshotFile {
  /** Folder of the repository; nothing is written outside of it. */
  readonly root: string;
  readonly snapshotFolder: string;
  readonly blobPath: string;
  readonly path: string;
}

/**
 * Puts a link to a blob into a snapshot, in place of whatever bore its name. The link is relative, so that the cache
 * can be moved. Where links may not be made the content is copied.
 * @throws DownloadError when a folder of the snapshot is a link that leads out of the repository
 */
export async function linkSnapshotFile(file: SnapshotFile): Promise<void> {
  const { root, snapshotFolder, blobPath, path } = file;
  const folder = dirname(path);
  await mkdir(snapshotFolder, { recursive: true, mode: 0o700 });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]);
  if (!realFolder.startsWith(realRoot + sep))
    throw new DownloadError(
      'unsafe_name',
      'A folder of the snapshot is a link that leads out of it. Remove the link and resume.',
    );
  // a file that is there whole stays until the other one has its name
  const temporary = `${path}.incomplete`;
  await rm(temporary, { force: true });
  try {
    await symlink(relative(folder, blobPath), temporary);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(String((error as NodeJS.ErrnoException).code)))
      throw error;
    await copyFile(blobPath, temporary);
  }
  await rename(temporary, path);
}
