export interface FoundServer {
  readonly kind: string;
  readonly origin: string;
  readonly models: readonly string[];
}

export interface FoundModelFile {
  readonly path: string;
  readonly sizeBytes: number;
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
  /** Everything that can become a local model in one step. */
  readonly models: readonly { readonly id: string; readonly modelPath: string | null }[];
  readonly modelFolders: readonly string[];
  readonly environmentKeys: readonly { readonly provider: string; readonly variable: string }[];
  readonly embeddedEngine: {
    readonly isInstalled: boolean;
    readonly isAllowed: boolean;
    readonly reason: string | null;
  };
}
