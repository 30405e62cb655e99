import type { HubCache } from './cache/hub-cache.js';
import type { DownloadPhase } from './course/download-state.js';
import type { DownloadJob } from './download-job.js';
import type { ModelDownload, WantedFile } from './model-download.entity.js';

/** A download as the API shows it. */
export interface DownloadView extends Pick<
  ModelDownload,
  'id' | 'repository' | 'revision' | 'errorCode' | 'errorMessage' | 'createdAt' | 'updatedAt'
> {
  /** The path or pattern that was asked for; null = the whole snapshot. */
  readonly files: string | null;
  readonly commit: string | null;
  readonly state: DownloadPhase;
  readonly fileCount: number | null;
  readonly filesDone: number;
  readonly totalBytes: number | null;
  readonly doneBytes: number;
  /** Null while nothing comes. */
  readonly bytesPerSecond: number | null;
  readonly currentFile: string | null;
  /** When it is tried again, in epoch milliseconds. */
  readonly retryAt: number | null;
  readonly finishedAt: number | null;
  /** What a local model would name: a GGUF file or the snapshot's folder; null until it is there. */
  readonly modelPath: string | null;
}

export function showDownload(job: DownloadJob, cache: HubCache): DownloadView {
  const { row, state } = job;
  const { retryAt } = state;
  const totalBytes = row.files?.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? null;
  return {
    id: row.id,
    repository: row.repository,
    revision: row.revision,
    files: row.pattern,
    commit: row.commitHash,
    state: state.phase,
    fileCount: row.files?.length ?? null,
    filesDone: job.filesDone,
    totalBytes,
    doneBytes: job.doneBytes,
    bytesPerSecond: job.bytesPerSecond,
    currentFile: job.currentFile,
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    retryAt: retryAt === null ? null : Math.round(Date.now() + retryAt - performance.now()),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    finishedAt: row.finishedAt,
    modelPath: state.phase === 'done' ? modelPathOf(row, cache) : null,
  };
}

/** A split model is named by its first part; companions of vision models are none. */
function modelPathOf({ commitHash, files }: ModelDownload, cache: HubCache): string | null {
  if (commitHash === null || files === null) return null;
  const isModel = ({ path }: WantedFile): boolean =>
    /\.gguf$/i.test(path) &&
    !/mmproj/i.test(path) &&
    !/-(?!00001)\d{5}-of-\d{5}\.gguf$/i.test(path);
  const file = files.find(isModel);
  if (file !== undefined) return cache.filePath(commitHash, file);
  const hasWeights = files.some(({ path }) => /\.safetensors$/i.test(path));
  return hasWeights ? cache.snapshotFolder(commitHash) : null;
}
