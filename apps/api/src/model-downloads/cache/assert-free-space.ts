import { statfs } from 'node:fs/promises';
import { DownloadError } from '../download-failure.js';

/** Left for the database, logs and everybody else. */
const marginBytes = 1024 ** 3;

/** @throws DownloadError `no_space` when the disk of the folder does not have so many bytes, and some to spare */
export async function assertFreeSpace(folder: string, neededBytes: number): Promise<void> {
  if (neededBytes === 0) return;
  const { bavail, bsize } = await statfs(folder, { bigint: true });
  const freeBytes = bavail * bsize;
  if (freeBytes >= BigInt(neededBytes) + BigInt(marginBytes)) return;
  throw new DownloadError(
    'no_space',
    `The files need ${gigabytes(BigInt(neededBytes))} GB and 1 GB to spare, and the disk has ${gigabytes(freeBytes)} GB. Make room and resume.`,
  );
}

function gigabytes(bytes: bigint): string {
  return (Number(bytes) / 1e9).toFixed(1);
}
