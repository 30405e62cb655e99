export interface FoundServer {
  readonly kind: string;
  readonly origin: string;
  readonly models: readonly string[];
}

export interface FoundModelFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Something that can become a local model without typing anything. */
export interface FoundModel {
  readonly id: string;
  readonly name: string;
  readonly source: 'server' | 'file' | 'folder' | 'ollama-store';
  /** Engines that can serve it, the best first. */
  readonly engines: readonly string[];
  readonly modelPath: string | null;
  readonly endpoint: string | null;
  readonly upstreamModel: string | null;
  readonly sizeBytes: number | null;
}

/** What `/api/discovery` found on this machine. */
export interface Discovery {
  readonly engines: readonly {
    readonly id: string;
    readonly path: string | null;
    readonly version: string | null;
  }[];
  readonly servers: readonly FoundServer[];
  readonly modelFiles: readonly FoundModelFile[];
  readonly models: readonly FoundModel[];
  readonly modelFolders: readonly string[];
  readonly environmentKeys: readonly { readonly provider: string; readonly variable: string }[];
  readonly embeddedEngine: {
    readonly isInstalled: boolean;
    readonly isAllowed: boolean;
    readonly reason: string | null;
  };
}
