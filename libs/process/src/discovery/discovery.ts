import type { EngineId } from '../local-model-spec.js';

/** A program that can run models; `version` null when it did not say. */
export interface FoundEngine {
  readonly id: EngineId;
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

/** A folder with `config.json` and weights; `name` as the Hugging Face hub calls it, where it does. */
export interface FoundModelFolder {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
}

/** A model in Ollama's store. */
export interface FoundOllamaModel {
  readonly name: string;
  readonly sizeBytes: number;
}

/** Something on this machine that can be made a local model without typing anything. */
export interface FoundModel {
  /** The same for the same thing at every look. */
  readonly id: string;
  /** A name it may be called by. */
  readonly name: string;
  readonly source: 'server' | 'file' | 'folder' | 'ollama-store';
  /** Engines that can serve it and are installed, the best first; empty when there is none. */
  readonly engines: readonly EngineId[];
  readonly modelPath: string | null;
  readonly endpoint: string | null;
  readonly upstreamModel: string | null;
  readonly sizeBytes: number | null;
}

/** What can be used on this machine. */
export interface Discovery {
  readonly engines: readonly FoundEngine[];
  readonly servers: readonly FoundServer[];
  readonly modelFiles: readonly FoundModelFile[];
  readonly models: readonly FoundModel[];
  /** The folders that were looked through and exist. */
  readonly modelFolders: readonly string[];
}
