/** One row of `/api/model-downloads`. */
export interface ModelDownload {
  readonly id: string;
  readonly repository: string;
  readonly revision: string;
  /** Null = the whole snapshot. */
  readonly files: string | null;
  readonly commit: string | null;
  readonly state: string;
  readonly fileCount: number | null;
  readonly filesDone: number;
  readonly totalBytes: number | null;
  readonly doneBytes: number;
  readonly bytesPerSecond: number | null;
  readonly currentFile: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly retryAt: number | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  /** What a local model would name, once it is there. */
  readonly modelPath: string | null;
}

/** `/api/model-hub`: where models come from. */
export interface ModelHub {
  readonly isEnabled: boolean;
  readonly url: string;
  readonly cacheFolder: string;
  readonly tokenSource: 'stored' | 'environment' | null;
  readonly tokenHint: string | null;
  readonly needsToken: boolean;
}
