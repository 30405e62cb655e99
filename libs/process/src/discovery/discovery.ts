/** A program that can run models; `version` null when it did not say. */
export interface FoundEngine {
  readonly id: string;
  readonly path: string;
  readonly version: string | null;
}

/** A model server that listens on loopback already; `origin` is `http://127.0.0.1:port`. */
export interface FoundServer {
  readonly kind: string;
  readonly origin: string;
  readonly models: readonly string[];
}

export interface FoundModelFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** What can be used on this machine. */
export interface Discovery {
  readonly engines: readonly FoundEngine[];
  readonly servers: readonly FoundServer[];
  readonly modelFiles: readonly FoundModelFile[];
  /** The folders that were looked through and exist. */
  readonly modelFolders: readonly string[];
}
