import { formatBytes } from '../format/formatBytes.js';
import { formatDuration } from '../format/formatDuration.js';
import type { ModelDownload } from './ModelDownload.js';

type Progress = Pick<
  ModelDownload,
  'state' | 'totalBytes' | 'doneBytes' | 'bytesPerSecond' | 'fileCount' | 'filesDone'
>;

/** Share of the bytes that are there, in percent; null while it is not known how many there will be. */
export function percentDone({ totalBytes, doneBytes }: Progress): number | null {
  if (totalBytes === null) return null;
  // the last percent is for what is complete and checked
  return totalBytes === 0 ? 100 : Math.floor((doneBytes / totalBytes) * 100);
}

/** `1.2 GB of 4.9 GB · 2 of 3 files · 41 MB/s · 1 min 30 s left` */
export function describeProgress(progress: Progress): string {
  const { totalBytes, doneBytes, bytesPerSecond, fileCount, filesDone } = progress;
  if (totalBytes === null || fileCount === null) return '';
  if (progress.state === 'done') return `${formatBytes(totalBytes)} · ${countOf(fileCount)}`;
  const parts = [`${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`];
  if (fileCount > 1) parts.push(`${filesDone} of ${countOf(fileCount)}`);
  if (bytesPerSecond !== null && bytesPerSecond > 0) {
    const leftMs = Math.ceil((totalBytes - doneBytes) / bytesPerSecond) * 1000;
    parts.push(`${formatBytes(bytesPerSecond)}/s`, `${formatDuration(leftMs)} left`);
  }
  return parts.join(' · ');
}

function countOf(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}
